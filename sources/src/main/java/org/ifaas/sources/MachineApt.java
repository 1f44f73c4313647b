package org.ifaas.sources;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.ifaas.sources.AptPolicy.Archive;

/** The mirrors that this machine's own apt uses. */
final class MachineApt {
    private static final String FORMAT = "$(SITE)|$(RELEASE)|$(ORIGIN)";

    /** @param origin empty when apt has not fetched the suite's Release file yet */
    private record Target(String site, String release, String origin) {
        boolean security() {
            return release.endsWith("-security");
        }

        boolean updates() {
            return release.endsWith("-updates");
        }

        boolean of(String distro) {
            return origin.isEmpty()
                    ? site.endsWith("/" + distro) || site.endsWith("/" + distro + "-security")
                    : origin.equalsIgnoreCase(distro);
        }
    }

    /** Asking apt takes a second of computing. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private record Answer(Optional<Archive> archive, Instant asked) {}

    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** @param environment for {@code apt-get}, over the factory's own */
    MachineApt(Map<String, String> environment, InstantSource clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /** One site serves all suites of a distribution, so that a machine of one suite knows where the others are. */
    Optional<Archive> archive(String distro) throws IOException, InterruptedException {
        var known = answers.get(distro);
        if (known == null || known.asked().plus(REMEMBERED).isBefore(clock.instant())) {
            known = new Answer(ask(distro), clock.instant());
            if (known.archive().isPresent()) {
                answers.put(distro, known);
            }
        }
        return known.archive();
    }

    private Optional<Archive> ask(String distro) throws IOException, InterruptedException {
        var fetched = of(distro, targets(List.of()));
        var found = archive(fetched);
        if (found.isPresent() && found.get().security() != null) {
            return found;
        }
        // a source that apt has not fetched yet: where it is is known, but not whose it is
        var all = new ArrayList<>(fetched);
        all.addAll(of(distro, targets(List.of("--no-release-info"))));
        return archive(all);
    }

    private static Optional<Archive> archive(List<Target> targets) {
        var base = site(targets, Target::updates).or(() -> site(targets, target -> !target.security()));
        var security = site(targets, Target::security);
        return base.map(site -> new Archive(site, security.orElse(null)));
    }

    private static List<Target> of(String distro, List<Target> targets) {
        return targets.stream().filter(target -> target.of(distro)).toList();
    }

    private static Optional<String> site(List<Target> targets, Predicate<Target> which) {
        return targets.stream().filter(which).map(Target::site).findFirst();
    }

    private List<Target> targets(List<String> options) throws IOException, InterruptedException {
        var argv = new ArrayList<>(List.of("apt-get", "indextargets", "--format", FORMAT));
        argv.addAll(options);
        argv.add("Created-By: Packages");
        var output = new Program(argv, Path.of("/"), environment, Duration.ofSeconds(30), 1 << 20).run(new byte[0]);
        if (output.exit() != 0) {
            throw new IOException("apt-get indextargets: "
                    + Problem.shown(output.error().lines().findFirst().orElse("exit code " + output.exit()), 200));
        }
        return output.text()
                .lines()
                .map(line -> line.split("\\|", -1))
                .filter(words -> words.length == 3 && words[0].matches("(https?|file):/.*"))
                .map(words ->
                        new Target(words[0].replaceAll("/+$", ""), words[1], words[2].startsWith("$(") ? "" : words[2]))
                .toList();
    }
}
