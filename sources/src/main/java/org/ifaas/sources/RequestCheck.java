package org.ifaas.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.Repository;
import org.ifaas.factory.source.Repository.Listed;

/**
 * Refuses at the request what could only fail later. What can't be known yet is let through to stage 1: another ref than the
 * default, and a repository that does not answer.
 */
public final class RequestCheck {
    private final Repository repository;
    private final BuildHosts hosts;
    private final Registries registries;
    private final Set<String> trusted;

    /** @param trusted names of the repositories on the allow-list */
    public RequestCheck(Repository repository, BuildHosts hosts, Registries registries, Set<String> trusted) {
        this.repository = repository;
        this.hosts = hosts;
        this.registries = registries;
        this.trusted = Set.copyOf(trusted);
    }

    /** The same, of the image's one name. */
    public Asked named(Asked asked) throws InterruptedException {
        var parameters = asked.parameters();
        return new Asked(parameters.named(repository.nameOf(parameters.image(), parameters.ref())), asked.problems());
    }

    /**
     * @param seen the images that whoever asks may hear of
     * @throws InvalidParameters with all that can be known to be wrong
     */
    public Parameters check(Asked given, ImagePatterns seen) throws InvalidParameters, InterruptedException {
        var asked = given.parameters();
        var definitions = repository.definitions();
        var listed =
                definitions.stream().filter(one -> one.isMeantBy(asked.image())).findFirst();
        var problems = new ArrayList<>(given.problems());
        if (asked.ref() == null && listed.map(Listed::definition).isEmpty()) {
            image(asked.image(), definitions, seen).ifPresent(problems::add);
        }
        cloud(asked).ifPresent(problems::add);
        regions(asked, problems);
        if (asked.kind() == Kind.BUILD && !given.wrong("cloud")) {
            host(asked, listed).ifPresent(problems::add);
        }
        return new Asked(asked, problems).whole();
    }

    /** What is not listed may be newer than the list. */
    private Optional<Problem> image(String image, List<Listed> listed, ImagePatterns seen) throws InterruptedException {
        try {
            repository.definition(repository.resolve(image, null));
            return Optional.empty();
        } catch (StageFailure e) {
            return switch (e.blame()) {
                case REQUEST -> Optional.of(unknown(image, listed, seen));
                case IMAGE -> Optional.of(Problem.of("image", image, "can't be built: " + e.getMessage(), e.mend()));
                default -> Optional.empty();
            };
        }
    }

    private static Problem unknown(String image, List<Listed> listed, ImagePatterns seen) {
        var names = listed.stream().map(Listed::name).filter(seen::has).toList();
        var near = Nearest.of(image.substring(image.indexOf(':') + 1), names);
        return Problem.of(
                "image",
                image,
                "is no image definition",
                near.map(name -> "Did you mean " + name + "? ").orElse("") + "'ifaas images' lists what there is.");
    }

    private Optional<Problem> cloud(Parameters asked) {
        var cloud = asked.cloud();
        return cloud == null || registries.clouds().contains(cloud)
                ? Optional.empty()
                : Optional.of(Problem.of(
                        "cloud",
                        cloud,
                        "is no cloud of this factory",
                        registries.clouds().isEmpty()
                                ? "Leave it out, or have the operator describe it under clouds in ifaas.yaml."
                                : "Choose among " + String.join(", ", registries.clouds()) + "."));
    }

    private void regions(Parameters asked, List<Problem> problems) {
        var known = registries.all().stream().map(Registry::region).toList();
        var mend = "Choose among " + String.join(", ", known) + ".";
        for (var region : asked.regions()) {
            if (!known.contains(region)) {
                problems.add(Problem.of("regions", region, "is no region of this factory", mend));
            }
        }
        var id = asked.imageId();
        if (id != null && !known.contains(ImageRef.parse(id).region())) {
            problems.add(Problem.of("imageId", id, "is in no region of this factory", mend));
        }
    }

    private Optional<Problem> host(Parameters asked, Optional<Listed> listed) {
        var cloud = asked.cloud();
        if (asked.host() == HostChoice.NOVA && cloud == null) {
            return Optional.of(Problem.of(
                    "host", "nova", "is for builds that name a cloud", "Name a cloud, or ask for another host."));
        }
        if (asked.host() == HostChoice.NOVA
                && cloud != null
                && registries.clouds().contains(cloud)
                && hosts.usedBy(cloud).stream().noneMatch(provider -> provider.kind() == HostKind.NOVA)) {
            return Optional.of(Problem.of(
                    "host",
                    "nova",
                    "can't be had in cloud " + cloud,
                    "Ask for another host, or have the operator give that cloud host_image, host_flavor and network."));
        }
        return asked.host() == HostChoice.CONTAINER
                        && listed.filter(one -> !trusted.contains(one.repository()))
                                .isPresent()
                ? Optional.of(Problem.of(
                        "host",
                        "container",
                        "is for trusted definitions only; the repository of this one is not on the allow-list",
                        "Ask for host qemu, or have the operator set trusted on the repository."))
                : Optional.empty();
    }
}
