package org.ifaas.sources;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the factory keeps of one repository: a bare clone, with the other side's refs below {@code refs/upstream}, so that
 * no name in it means anything to git.
 */
final class GitMirror {
    private static final String HEAD = "refs/upstream/HEAD";
    private static final String GOOD = "refs/good/";
    private static final int MOST_KNOWN = 2;

    private final GitRepository repository;
    private final Path folder;
    private final Git git;
    private final GitPolicy policy;
    private final Upstream upstream;
    private final InstantSource clock;
    private volatile @Nullable Instant fetched;
    /** How many fetches have begun, and the last of them that ended well; written under the folder's lock. */
    private final AtomicLong begun = new AtomicLong();

    private long well;
    /** By commit, what never changes of it: of the newest that were asked for. */
    private final Map<String, GitTree> trees = new LinkedHashMap<>();

    private final Map<String, String> authors = new LinkedHashMap<>();

    GitMirror(GitRepository repository, Path folder, Git git, GitPolicy policy, InstantSource clock) {
        this.repository = repository;
        this.folder = folder;
        this.git = git;
        this.policy = policy;
        this.upstream = new Upstream(repository, policy.servers());
        this.clock = clock;
    }

    GitRepository repository() {
        return repository;
    }

    /** Asks the other side. Who has waited for others finds that one has asked in its place, if that began after it wanted to. */
    void fetch() throws IOException, InterruptedException {
        long before = begun.get();
        try (var lock = Git.alone(folder)) {
            if (well > before) {
                return;
            }
            long number = begun.incrementAndGet();
            if (!Files.exists(folder.resolve("HEAD"))) {
                git.read("init", "--quiet", "--bare", "--template=", "--", folder.toString());
            }
            var arguments = List.of(
                    "--git-dir=" + folder,
                    "fetch",
                    "--quiet",
                    "--force",
                    "--prune",
                    "--no-tags",
                    "--no-write-fetch-head",
                    "--update-shallow",
                    "--no-recurse-submodules",
                    "--",
                    repository.url(),
                    "+HEAD:" + HEAD,
                    "+refs/heads/*:refs/upstream/heads/*",
                    "+refs/tags/*:refs/upstream/tags/*");
            var output = git.program(arguments, upstream.environment(), policy.fetchLimit(), 1 << 20)
                    .run(new byte[0]);
            if (output.exit() != 0) {
                throw upstream.failure(arguments, output);
            }
            fetched = clock.instant();
            well = number;
        }
    }

    /** Asks the other side unless that was done a short time ago. */
    void refresh() throws IOException, InterruptedException {
        var last = fetched;
        if (last == null || last.plus(policy.fresh()).isBefore(clock.instant())) {
            fetch();
        }
    }

    /**
     * The commit that a ref names now: a branch before a tag before a commit id.
     *
     * @param ref sound; null for the repository's default
     */
    Optional<String> commit(@Nullable String ref) throws IOException, InterruptedException {
        if (!Files.exists(folder.resolve("HEAD"))) {
            return Optional.empty();
        }
        var wanted = ref != null ? ref : repository.ref();
        if (wanted == null || wanted.equals("HEAD")) {
            return parsed(HEAD);
        }
        if (wanted.startsWith("refs/heads/") || wanted.startsWith("refs/tags/")) {
            return parsed("refs/upstream/" + wanted.substring("refs/".length()));
        }
        var named = parsed("refs/upstream/heads/" + wanted);
        if (named.isEmpty()) {
            named = parsed("refs/upstream/tags/" + wanted);
        }
        if (named.isEmpty() && GitRef.mayBeId(wanted)) {
            named = parsed(wanted);
            if (named.isPresent() && !offered(named.get())) {
                return Optional.empty();
            }
        }
        return named;
    }

    /** The newest commits at which definitions were known to be well, by image. They stay whatever the other side does. */
    Map<String, String> good() throws IOException, InterruptedException {
        var good = new TreeMap<String, String>();
        if (Files.exists(folder.resolve("HEAD"))) {
            git.read(at("for-each-ref", "--format=%(refname) %(objectname)", GOOD), Map.of(), new byte[0])
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .filter(line -> line.length == 2)
                    .forEach(line -> good.put(line[0].substring(GOOD.length()).replace('_', '.'), line[1]));
        }
        return good;
    }

    /** Remembers that the image's definition is well at that commit. Names of images have no underscore, names of refs no dots. */
    void remember(String image, String commit) throws IOException, InterruptedException {
        git.read(at("update-ref", GOOD + image.replace('.', '_'), commit), Map.of(), new byte[0]);
    }

    /** Whether the object is here, whoever else has it. */
    boolean has(String commit) throws IOException, InterruptedException {
        return GitRef.isId(commit)
                && Files.exists(folder.resolve("HEAD"))
                && parsed(commit).isPresent();
    }

    private Optional<String> parsed(String name) throws IOException, InterruptedException {
        var output = git.run(List.of("--git-dir=" + folder, "rev-parse", "--verify", "--quiet", name + "^{commit}"));
        return output.exit() == 0 ? Optional.of(output.text().strip()) : Optional.empty();
    }

    /** Whether a branch or tag of the other side still leads to it. */
    private boolean offered(String commit) throws IOException, InterruptedException {
        return !git.read(
                        at("for-each-ref", "--count=1", "--contains=" + commit, "refs/upstream"), Map.of(), new byte[0])
                .isEmpty();
    }

    GitTree tree(String commit) throws IOException, InterruptedException {
        return known(trees, commit, this::readTree);
    }

    private GitTree readTree(String commit) throws IOException, InterruptedException {
        var arguments = repository.path().isEmpty()
                ? at("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
                : at("ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", repository.path() + "/");
        return GitTree.parse(git.read(arguments, Map.of(), new byte[0]), repository.path());
    }

    /** Whether a file of the definitions' folder has the word in it. */
    boolean mentions(String commit, String word) throws IOException, InterruptedException {
        var arguments = at("grep", "--quiet", "--word-regexp", "--fixed-strings", "-e", word, commit, "--");
        if (!repository.path().isEmpty()) {
            arguments.add(repository.path() + "/");
        }
        var output = git.run(arguments);
        if (output.exit() > 1) {
            throw new IOException(Git.failure(arguments, output));
        }
        return output.exit() == 0;
    }

    byte[] blob(GitTree.Entry entry) throws IOException, InterruptedException {
        var arguments = at("cat-file", "blob", entry.id());
        return git.program(arguments, Map.of(), policy.commandLimit(), policy.mostFileBytes())
                .run(new byte[0])
                .bytes();
    }

    /** Follows symbolic links inside the repository. */
    InputStream open(String commit, String path) throws IOException, InterruptedException {
        var found = followed(commit, path)
                .filter(thing -> thing.type().equals("blob"))
                .orElseThrow(() -> new FileNotFoundException(path));
        if (found.size() > policy.mostFileBytes()) {
            throw new IOException(path + " has " + found.size() + " bytes, more than " + policy.mostFileBytes());
        }
        return new ByteArrayInputStream(blob(new GitTree.Entry("100644", found.id(), found.size())));
    }

    /** Whether a path ends at a file or folder of the commit, whatever symbolic links are on the way. */
    boolean leadsSomewhere(String commit, String path) throws IOException, InterruptedException {
        return followed(commit, path).isPresent();
    }

    /** @param type {@code blob} or {@code tree} */
    private record Followed(String id, String type, long size) {}

    private Optional<Followed> followed(String commit, String path) throws IOException, InterruptedException {
        var found = git.read(
                at("cat-file", "--batch-check", "--follow-symlinks"),
                Map.of(),
                (commit + ":" + path + "\n").getBytes(StandardCharsets.UTF_8));
        var words = found.lines().findFirst().orElse("").split(" ");
        return words.length == 3 && GitRef.isId(words[0])
                ? Optional.of(new Followed(words[0], words[1], Long.parseLong(words[2])))
                : Optional.empty();
    }

    private interface Reading<T> {
        T of(String commit) throws IOException, InterruptedException;
    }

    private static <T> T known(Map<String, T> known, String commit, Reading<T> reading)
            throws IOException, InterruptedException {
        synchronized (known) {
            var before = known.get(commit);
            if (before != null) {
                return before;
            }
        }
        var read = reading.of(commit);
        synchronized (known) {
            known.put(commit, read);
            if (known.size() > MOST_KNOWN) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return read;
    }

    /** Mail address of the commit's author. */
    String author(String commit) throws IOException, InterruptedException {
        return known(authors, commit, this::readAuthor);
    }

    private String readAuthor(String commit) throws IOException, InterruptedException {
        return Problem.shown(
                git.read(at("log", "-1", "--no-show-signature", "--format=%ae", commit, "--"), Map.of(), new byte[0]),
                254);
    }

    /**
     * Writes a bundle with that commit and what leads to it, and nothing that came after it. A bundle is a header and a pack;
     * {@code git bundle} itself would want the ref to exist.
     */
    void bundle(String commit, OutputStream to) throws IOException, InterruptedException {
        to.write((commit.length() == 64 ? "# v3 git bundle\n@object-format=sha256\n" : "# v2 git bundle\n")
                .getBytes(StandardCharsets.US_ASCII));
        to.write((commit + " refs/heads/build\n\n").getBytes(StandardCharsets.US_ASCII));
        var arguments = at("pack-objects", "--quiet", "--revs", "--stdout", "--delta-base-offset");
        var output = git.program(arguments, Map.of(), policy.fetchLimit(), policy.mostBundleBytes())
                .run((commit + "\n").getBytes(StandardCharsets.US_ASCII), to);
        if (output.exit() != 0) {
            throw new IOException(Git.failure(arguments, output));
        }
    }

    private List<String> at(String... arguments) {
        var all = new ArrayList<>(List.of("--git-dir=" + folder));
        all.addAll(List.of(arguments));
        return all;
    }
}
