package org.ifaas.sources;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The git repositories of image definitions, each mirrored below one folder. Where several have an image of one name the
 * first wins; {@code repository:image} chooses.
 */
public final class GitRepositories implements Repository {
    private static final Logger LOG = LoggerFactory.getLogger(GitRepositories.class);
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9](?!.*\\.\\.)[a-z0-9.-]{0,62}");
    private static final Pattern PATH =
            Pattern.compile("[A-Za-z0-9_+-][A-Za-z0-9._+-]*(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)*");

    private final List<Definitions> repositories;

    /** @param folder of the factory's own, for the mirrors; made when it is missing */
    public GitRepositories(List<GitRepository> repositories, Path folder, GitPolicy policy, InstantSource clock) {
        repositories.forEach(policy.servers()::admit);
        try {
            var git = new Git(folder, policy);
            this.repositories = repositories.stream()
                    .map(r -> new GitMirror(r, folder.toAbsolutePath().resolve(mirrorName(r)), git, policy, clock))
                    .map(Definitions::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var names = repositories.stream().map(GitRepository::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("two repositories have one name: " + names);
        }
    }

    /** The address is part of it: a repository that moves is mirrored anew. */
    private static String mirrorName(GitRepository repository) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(repository.url().getBytes(StandardCharsets.UTF_8));
            return repository.name() + "-" + HexFormat.of().formatHex(digest, 0, 4) + ".git";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Listed> definitions() {
        var listed = new ArrayList<Listed>();
        var taken = new TreeSet<String>();
        try {
            for (var repository : repositories) {
                var before = repository.known();
                for (var each : definitions(repository)) {
                    // What can't be read now keeps the names that it had.
                    if (each.name().equals("*")) {
                        before.forEach(known -> taken.add(known.name()));
                        listed.add(each);
                    } else {
                        listed.add(taken.add(each.name()) ? each : each.qualified());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return listed;
    }

    /** Each by its name in its repository; one with the name {@code *} and the reason, where that can't be read. */
    private static List<Listed> definitions(Definitions repository) throws InterruptedException {
        var mirror = repository.mirror();
        try {
            String stale = null;
            try {
                mirror.refresh();
            } catch (IOException e) {
                stale = e.getMessage() + ". " + NotFetched.mend(e);
            }
            var commit = mirror.commit(null);
            return commit.isEmpty() ? List.of(unreachable(repository, stale)) : repository.list(commit.get());
        } catch (IOException e) {
            return List.of(unreachable(repository, e.getMessage()));
        }
    }

    private static Listed unreachable(Definitions repository, @Nullable String why) {
        return new Listed("*", repository.repository().name(), null, cannotBeRead(repository.repository(), why));
    }

    private static String cannotBeRead(GitRepository repository, @Nullable String why) {
        var ref = repository.ref();
        return why != null
                ? Git.redacted(repository.url()) + " can't be read: " + why
                : Git.redacted(repository.url()) + " has no " + (ref == null ? "HEAD" : ref);
    }

    @Override
    public Set<String> fetch() throws InterruptedException {
        var unasked = new TreeSet<String>();
        availability().forEach((name, found) -> {
            if (!found.available()) {
                LOG.warn("the repository {}: {}", name, found.detail());
                unasked.add(name);
            }
        });
        return unasked;
    }

    @Override
    public Map<String, Availability> availability() throws InterruptedException {
        var found = new TreeMap<String, Availability>();
        for (var each : repositories) {
            var repository = each.repository();
            var address = Git.redacted(repository.url());
            try {
                each.mirror().fetch();
                found.put(repository.name(), new Availability(true, address, ""));
            } catch (IOException e) {
                found.put(
                        repository.name(),
                        new Availability(false, address + " can't be fetched: " + e.getMessage(), NotFetched.mend(e)));
            }
        }
        return found;
    }

    @Override
    public String nameOf(String image, @Nullable String ref) throws InterruptedException {
        var parts = image.split(":", 2);
        for (var each : parts.length < 2 ? List.<Definitions>of() : repositories) {
            if (each.repository().name().equals(parts[0])) {
                return parts[1];
            }
            if (each.mayHave(parts[1], ref)) {
                return image;
            }
        }
        return image;
    }

    @Override
    public Resolved resolve(String image, @Nullable String ref) throws StageFailure, InterruptedException {
        int colon = image.indexOf(':');
        var name = image.substring(colon + 1);
        if (!IMAGE.matcher(name).matches()) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "image is “" + Problem.shown(image) + "”, which is no name of an image",
                    "Use lower-case letters, digits, dots and hyphens; 'ifaas images' lists what there is.");
        }
        if (ref != null && !GitRef.sound(ref)) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "ref is “" + Problem.shown(ref) + "”, which is no name of a branch or tag and no commit id",
                    "Give a branch, a tag or a commit id, without any of git's operators.");
        }
        var known = new TreeSet<String>();
        for (var each : colon < 0 ? repositories : List.of(repository(image.substring(0, colon)))) {
            var found = resolve(each, name, ref, known);
            if (found != null) {
                return found;
            }
        }
        throw new StageFailure(
                Blame.REQUEST,
                "there is no image definition " + name,
                Nearest.of(name, known)
                        .map(near -> "Did you mean " + near + "?")
                        .orElse("'ifaas images' lists what there is"
                                + (known.isEmpty() ? "." : ": " + String.join(", ", known) + ".")));
    }

    /** Null when this repository does not have the image. */
    private @Nullable Resolved resolve(
            Definitions definitions, String image, @Nullable String ref, TreeSet<String> known)
            throws StageFailure, InterruptedException {
        var mirror = definitions.mirror();
        var repository = definitions.repository();
        try {
            fetch(mirror);
            var commit = mirror.commit(ref);
            if (commit.isPresent() && mirror.tree(commit.get()).images().contains(image)) {
                var built = ref == null ? definitions.lastGood(commit.get(), image) : commit.get();
                return new Resolved(
                        image,
                        repository.name(),
                        repository.folder(image),
                        built,
                        mirror.author(built),
                        repository.trusted());
            }
            var usual = mirror.commit(null);
            if (usual.isEmpty()) {
                throw new StageFailure(
                        Blame.FACTORY,
                        "the repository " + repository.name() + ": " + cannotBeRead(repository, null),
                        "Correct the ref of that repository in the factory's configuration.");
            }
            var images = mirror.tree(usual.get()).images();
            if (images.contains(image)) {
                throw new StageFailure(
                        Blame.REQUEST,
                        commit.isEmpty()
                                ? "ref is “" + ref + "”, which is no branch, tag or commit of the repository "
                                        + repository.name()
                                : "there is no image definition " + image + " at " + ref + " of the repository "
                                        + repository.name(),
                        "Give a ref that has it, or none for the repository's default.");
            }
            known.addAll(images);
            return null;
        } catch (IOException e) {
            throw trouble(mirror, e);
        }
    }

    private static void fetch(GitMirror mirror) throws StageFailure, InterruptedException {
        try {
            mirror.fetch();
        } catch (IOException e) {
            var repository = mirror.repository();
            throw new StageFailure(
                    Blame.CLOUD,
                    "the repository " + repository.name() + " at " + Git.redacted(repository.url())
                            + " can't be fetched: " + e.getMessage(),
                    NotFetched.mend(e),
                    e);
        }
    }

    @Override
    public ImageDefinition definition(Resolved at) throws StageFailure {
        var definitions = present(at);
        try {
            return definitions.read(at.commit(), at.image());
        } catch (InvalidDefinition e) {
            throw new StageFailure(
                    Blame.IMAGE,
                    String.valueOf(e.getMessage()),
                    "Correct " + at.path() + "/" + ImageYaml.FILE + " and commit it.",
                    e);
        } catch (IOException e) {
            throw trouble(definitions.mirror(), e);
        } catch (InterruptedException e) {
            throw interrupted(definitions.mirror(), e);
        }
    }

    @Override
    public InputStream file(Resolved at, String path) throws StageFailure, IOException {
        if (!PATH.matcher(path).matches()) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "path is “" + Problem.shown(path) + "”, which is no path inside the definition's folder",
                    "Name a file below " + at.path() + ", without . or ..");
        }
        var mirror = present(at).mirror();
        try {
            return mirror.open(at.commit(), at.path() + "/" + path);
        } catch (FileNotFoundException e) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "there is no file " + at.path() + "/" + path + " at commit " + at.commit(),
                    "Commit the file, or correct the path in " + ImageYaml.FILE + ".",
                    e);
        } catch (InterruptedException e) {
            throw interrupted(mirror, e);
        }
    }

    @Override
    public void bundle(Resolved at, OutputStream to) throws StageFailure, IOException, InterruptedException {
        present(at).mirror().bundle(at.commit(), to);
    }

    @Override
    public Set<String> mentioned(Resolved at, Set<String> words) throws StageFailure, InterruptedException {
        var mirror = present(at).mirror();
        var mentioned = new TreeSet<String>();
        try {
            for (var word : words) {
                if (mirror.mentions(at.commit(), word)) {
                    mentioned.add(word);
                }
            }
            return mentioned;
        } catch (IOException e) {
            throw trouble(mirror, e);
        }
    }

    @Override
    public List<String> warnings(Resolved at) throws StageFailure, InterruptedException {
        var definitions = present(at);
        try {
            return definitions.warnings(at);
        } catch (IOException e) {
            throw trouble(definitions.mirror(), e);
        }
    }

    private Definitions repository(String name) throws StageFailure {
        for (var each : repositories) {
            if (each.repository().name().equals(name)) {
                return each;
            }
        }
        throw new StageFailure(
                Blame.REQUEST,
                "there is no repository “" + Problem.shown(name) + "”",
                "Known are "
                        + repositories.stream()
                                .map(each -> each.repository().name())
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    /** With that commit in its mirror: another node, or a lost folder, may have to fetch it first. */
    private Definitions present(Resolved at) throws StageFailure {
        var definitions = repository(at.repository());
        var mirror = definitions.mirror();
        try {
            if (!mirror.has(at.commit())) {
                fetch(mirror);
                if (!mirror.has(at.commit())) {
                    throw new StageFailure(
                            Blame.IMAGE,
                            "commit " + Problem.shown(at.commit()) + " is no longer in the repository "
                                    + at.repository(),
                            "Start a new build.");
                }
            }
            return definitions;
        } catch (IOException e) {
            throw trouble(mirror, e);
        } catch (InterruptedException e) {
            throw interrupted(mirror, e);
        }
    }

    private static StageFailure trouble(GitMirror mirror, IOException e) {
        return new StageFailure(
                Blame.FACTORY,
                "the mirror of the repository " + mirror.repository().name() + " can't be read: " + e.getMessage(),
                "Check that git is installed and the disk has space; a damaged mirror may be deleted, it is made again.",
                e);
    }

    private static StageFailure interrupted(GitMirror mirror, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StageFailure(
                Blame.FACTORY,
                "reading the repository " + mirror.repository().name() + " was interrupted",
                "Retry the build.",
                e);
    }
}
