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
import java.util.concurrent.ConcurrentHashMap;
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

    private final List<GitMirror> mirrors;
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();

    private record Listing(String commit, List<Listed> definitions) {}

    /** @param folder of the factory's own, for the mirrors; made when it is missing */
    public GitRepositories(List<GitRepository> repositories, Path folder, GitPolicy policy, InstantSource clock) {
        repositories.forEach(policy.servers()::admit);
        try {
            var git = new Git(folder, policy);
            mirrors = repositories.stream()
                    .map(r -> new GitMirror(r, folder.toAbsolutePath().resolve(mirrorName(r)), git, policy, clock))
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
        var names = new TreeSet<String>();
        return inAll().stream().map(listed -> byOneName(listed, names)).toList();
    }

    /** @param taken by those before it; one that can't be read now has the names that it had */
    private Listed byOneName(Listed listed, TreeSet<String> taken) {
        if (listed.name().equals("*")) {
            var before = listings.get(listed.repository());
            if (before != null) {
                before.definitions().forEach(known -> taken.add(known.name()));
            }
            return listed;
        }
        return taken.add(listed.name()) ? listed : listed.qualified();
    }

    /** Each by its name in its repository. */
    private List<Listed> inAll() {
        var listed = new ArrayList<Listed>();
        for (var mirror : mirrors) {
            var repository = mirror.repository();
            try {
                String stale = null;
                try {
                    mirror.refresh();
                } catch (IOException e) {
                    stale = e.getMessage() + ". " + NotFetched.mend(e);
                }
                var commit = mirror.commit(null);
                if (commit.isEmpty()) {
                    listed.add(new Listed("*", repository.name(), null, unreachable(repository, stale)));
                    continue;
                }
                listed.addAll(listed(mirror, commit.get()));
            } catch (IOException e) {
                listed.add(new Listed("*", repository.name(), null, unreachable(repository, e.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return listed;
            }
        }
        return listed;
    }

    private static String unreachable(GitRepository repository, @Nullable String why) {
        var ref = repository.ref();
        return why != null
                ? Git.redacted(repository.url()) + " can't be read: " + why
                : Git.redacted(repository.url()) + " has no " + (ref == null ? "HEAD" : ref);
    }

    /** What a commit has never changes, so each is read once. */
    private List<Listed> listed(GitMirror mirror, String commit) throws IOException, InterruptedException {
        var name = mirror.repository().name();
        var known = listings.get(name);
        if (known != null && known.commit().equals(commit)) {
            return known.definitions();
        }
        var tree = mirror.tree(commit);
        var good = mirror.good();
        var listed = new ArrayList<Listed>();
        for (var image : tree.images()) {
            listed.add(listed(mirror, commit, tree, image, good.get(image)));
        }
        listings.put(name, new Listing(commit, List.copyOf(listed)));
        return listed;
    }

    private Listed listed(GitMirror mirror, String commit, GitTree tree, String image, @Nullable String good)
            throws IOException, InterruptedException {
        var shown = Problem.shown(image);
        var repository = mirror.repository().name();
        try {
            var definition = read(mirror, commit, tree, image);
            if (!commit.equals(good)) {
                mirror.remember(image, commit);
            }
            return new Listed(shown, repository, definition, null);
        } catch (InvalidDefinition e) {
            return new Listed(shown, repository, good == null ? null : asItWas(mirror, good, image), e.getMessage());
        }
    }

    /** Null when a later release of the factory no longer takes it for well, or its mirror has lost it. */
    private static @Nullable ImageDefinition asItWas(GitMirror mirror, String good, String image)
            throws InterruptedException {
        try {
            return read(mirror, good, mirror.tree(good), image);
        } catch (InvalidDefinition | IOException e) {
            return null;
        }
    }

    private static ImageDefinition read(GitMirror mirror, String commit, GitTree tree, String image)
            throws InvalidDefinition, IOException, InterruptedException {
        var folder = mirror.repository().folder(image);
        var file = folder + "/" + ImageYaml.FILE;
        var entry = tree.file(image, ImageYaml.FILE).orElseThrow(() -> new FileNotFoundException(file));
        if (!entry.isFile()) {
            throw YamlDocument.refused(file, 1, "is no regular file", "Commit the file itself, not a link.");
        }
        if (entry.size() > YamlDocument.MOST_BYTES) {
            throw YamlDocument.refused(file, 1, "has " + entry.size() + " bytes, more than 256 KiB", "Shorten it.");
        }
        return ImageYaml.read(mirror.blob(entry), file, image, new ImageYaml.Contents() {
            @Override
            public boolean have(String path) throws IOException, InterruptedException {
                return tree.has(image, path)
                        || tree.isLinked(image, path) && mirror.leadsSomewhere(commit, folder + "/" + path);
            }

            @Override
            public boolean mayRun(String path) {
                return tree.mayRun(image, path);
            }
        });
    }

    @Override
    public void fetch() throws InterruptedException {
        for (var mirror : mirrors) {
            try {
                mirror.fetch();
            } catch (IOException e) {
                LOG.warn(
                        "the repository {} can't be fetched: {}",
                        mirror.repository().name(),
                        e.getMessage());
            }
        }
    }

    @Override
    public Map<String, Availability> availability() throws InterruptedException {
        var found = new TreeMap<String, Availability>();
        for (var mirror : mirrors) {
            var repository = mirror.repository();
            var address = Git.redacted(repository.url());
            try {
                mirror.fetch();
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
        for (var mirror : parts.length < 2 ? List.<GitMirror>of() : mirrors) {
            if (mirror.repository().name().equals(parts[0])) {
                return parts[1];
            }
            if (mayHave(mirror, parts[1], ref)) {
                return image;
            }
        }
        return image;
    }

    /** Also when nobody can say. */
    private static boolean mayHave(GitMirror mirror, String image, @Nullable String ref) throws InterruptedException {
        try {
            var usual = mirror.commit(null);
            var there = ref == null || !GitRef.sound(ref) ? usual : mirror.commit(ref);
            return usual.isEmpty()
                    || mirror.tree(usual.get()).images().contains(image)
                    || there.isPresent() && mirror.tree(there.get()).images().contains(image);
        } catch (IOException e) {
            return true;
        }
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
        for (var mirror : colon < 0 ? mirrors : List.of(mirror(image.substring(0, colon)))) {
            var found = resolve(mirror, name, ref, known);
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
    private @Nullable Resolved resolve(GitMirror mirror, String image, @Nullable String ref, TreeSet<String> known)
            throws StageFailure, InterruptedException {
        var repository = mirror.repository();
        try {
            fetch(mirror);
            var commit = mirror.commit(ref);
            if (commit.isPresent() && mirror.tree(commit.get()).images().contains(image)) {
                var built = ref == null ? lastGood(mirror, commit.get(), image) : commit.get();
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
                        "the repository " + repository.name() + ": " + unreachable(repository, null),
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

    /** That commit, when its definition is well or never was; else the newest at which it is known to have been. */
    private static String lastGood(GitMirror mirror, String commit, String image)
            throws IOException, InterruptedException {
        var good = mirror.good().get(image);
        if (commit.equals(good)) {
            return commit;
        }
        if (wrong(mirror, commit, image) == null) {
            mirror.remember(image, commit);
            return commit;
        }
        return good == null || asItWas(mirror, good, image) == null ? commit : good;
    }

    private static @Nullable String wrong(GitMirror mirror, String commit, String image)
            throws IOException, InterruptedException {
        try {
            read(mirror, commit, mirror.tree(commit), image);
            return null;
        } catch (InvalidDefinition e) {
            return e.getMessage();
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
        var mirror = present(at);
        try {
            return read(mirror, at.commit(), mirror.tree(at.commit()), at.image());
        } catch (InvalidDefinition e) {
            throw new StageFailure(
                    Blame.IMAGE,
                    String.valueOf(e.getMessage()),
                    "Correct " + at.path() + "/" + ImageYaml.FILE + " and commit it.",
                    e);
        } catch (IOException e) {
            throw trouble(mirror, e);
        } catch (InterruptedException e) {
            throw interrupted(mirror, e);
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
        var mirror = present(at);
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
        present(at).bundle(at.commit(), to);
    }

    @Override
    public Set<String> mentioned(Resolved at, Set<String> words) throws StageFailure, InterruptedException {
        var mirror = present(at);
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
        var mirror = present(at);
        try {
            var isHead = mirror.commit("HEAD").filter(at.commit()::equals).isPresent();
            return isHead
                    ? Uncommitted.in(mirror.repository(), mirror.tree(at.commit()), at.image())
                    : overtaken(mirror, at);
        } catch (IOException e) {
            throw trouble(mirror, e);
        }
    }

    /** Says when the last good definition is built in place of a newer one. */
    private static List<String> overtaken(GitMirror mirror, Resolved at) throws IOException, InterruptedException {
        var usual = mirror.commit(null);
        if (usual.isEmpty()
                || usual.get().equals(at.commit())
                || !mirror.tree(usual.get()).images().contains(at.image())) {
            return List.of();
        }
        var wrong = at.commit().equals(mirror.good().get(at.image())) ? wrong(mirror, usual.get(), at.image()) : null;
        return wrong == null
                ? List.of()
                : List.of("commit " + at.commit() + " is built, the last whose definition is well. The newest is not: "
                        + wrong);
    }

    private GitMirror mirror(String repository) throws StageFailure {
        for (var mirror : mirrors) {
            if (mirror.repository().name().equals(repository)) {
                return mirror;
            }
        }
        throw new StageFailure(
                Blame.REQUEST,
                "there is no repository “" + Problem.shown(repository) + "”",
                "Known are " + mirrors.stream().map(m -> m.repository().name()).collect(Collectors.joining(", "))
                        + ".");
    }

    /** The mirror, with that commit in it: another node, or a lost folder, may have to fetch it first. */
    private GitMirror present(Resolved at) throws StageFailure {
        var mirror = mirror(at.repository());
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
            return mirror;
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
