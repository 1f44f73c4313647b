package org.ifaas.hosts.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.local.Program;

/**
 * Root file systems for build hosts, made by mmdebstrap when one is asked for the first time, and kept. What a root is made
 * of decides its name, so that equal requests share one; nobody ever writes to it. Two factories may share the folder.
 */
public final class HostRoots {
    /** What every build host has, whatever its builder. */
    public static final List<String> BASE = List.of(
            "ca-certificates",
            "debian-archive-keyring",
            "e2fsprogs",
            "fdisk",
            "git",
            "iproute2",
            "kmod",
            "mount",
            "netbase",
            "openssh-server",
            "procps",
            "python3",
            "qemu-utils",
            "sudo",
            "util-linux",
            "xz-utils",
            "zstd");

    private static final Map<String, String> SUITES = Map.of("debian-12", "bookworm", "debian-13", "trixie");
    private static final int BUSY = 75;

    private final Path folder;
    private final RootPolicy policy;
    private final InstantSource clock;

    public HostRoots(Path folder) {
        this(folder, RootPolicy.defaults(), InstantSource.system());
    }

    /** @param folder on a disk with room for some roots of about 1 GiB each */
    public HostRoots(Path folder, RootPolicy policy, InstantSource clock) {
        this.folder = folder.toAbsolutePath();
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * A folder that holds a root with {@link #BASE} and the given packages. Needs root.
     *
     * @param os such as {@code debian-12}
     * @param sources one-line apt sources; none of them is left in the root
     * @throws StageFailure blaming the CLOUD when it can't be made from these sources, the FACTORY when a tool is missing
     */
    public Path prepare(String os, List<String> packages, List<String> sources, StageLog log)
            throws StageFailure, InterruptedException {
        return make(os, packages, sources, "directory", log);
    }

    /** The same as a tar file; needs no root. */
    public Path prepareTar(String os, List<String> packages, List<String> sources, StageLog log)
            throws StageFailure, InterruptedException {
        return make(os, packages, sources, "tar", log);
    }

    /** Says that a root is in use for as long as {@code holder} exists. */
    public void hold(Path root, Path holder) throws IOException {
        new KeptRoots(folder).hold(root, holder);
    }

    private Path make(String os, List<String> packages, List<String> sources, String format, StageLog log)
            throws StageFailure, InterruptedException {
        var suite = SUITES.get(os);
        if (suite == null) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "no build host can be made with '" + os + "'",
                    "Choose one of " + new TreeSet<>(SUITES.keySet()) + ".");
        }
        if (sources.isEmpty()) {
            throw new StageFailure(
                    Blame.FACTORY, "no package mirror is known for " + os, "Name one in the factory's configuration.");
        }
        var all = new TreeSet<>(BASE);
        all.addAll(packages);
        try {
            var recipe = new Recipe(folder.resolve(".recipe"));
            var name = os + "-" + recipe.digest(List.of(format, os, all.toString(), sources.toString(), age()));
            var target = folder.resolve(format.equals("tar") ? name + ".tar" : name);
            if (!Files.exists(target)) {
                recipe.write();
                run(target, recipe, List.of(format, suite, String.join(",", all)), sources, log);
                var kept = new KeptRoots(folder);
                kept.boundPackages(folder.resolve("packages"), policy.packageCacheBytes());
                kept.removeUnused(policy.keep(), target, clock.instant());
            }
            Files.setLastModifiedTime(
                    Files.writeString(folder.resolve(target.getFileName() + ".used"), ""),
                    FileTime.from(clock.instant()));
            return target;
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the root file system for hosts with " + os + " could not be made in " + folder + ": "
                            + e.getMessage(),
                    "See to space and rights there.",
                    e);
        }
    }

    /** Changes with every renewal, and the name with it. */
    private String age() {
        return Long.toString(
                clock.instant().getEpochSecond() / Math.max(1, policy.renewal().toSeconds()));
    }

    private void run(Path target, Recipe recipe, List<String> what, List<String> sources, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/mmdebstrap"))) {
            throw new StageFailure(
                    Blame.FACTORY, "mmdebstrap is not installed", "apt-get install mmdebstrap debian-archive-keyring");
        }
        var lock = folder.resolve(target.getFileName() + ".lock").toString();
        var script = new ArrayList<>(List.of(recipe.script(), target.toString(), what.get(0)));
        script.addAll(List.of(folder.resolve("packages").toString(), what.get(1), what.get(2)));
        script.addAll(sources);
        log.line("preparing the root file system " + target.getFileName() + ", once for all hosts of its kind");
        var result = program(List.of("flock", "-n", "-E", Integer.toString(BUSY), lock), script)
                .run(log::line);
        if (result.exit() == BUSY && !Files.exists(target)) {
            log.line("somebody else is preparing it already: waiting");
            result = program(List.of("flock", lock), script).run(log::line);
        }
        if (!Files.exists(target)) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "mmdebstrap could not make " + target.getFileName() + " (exit code " + result.exit() + "): "
                            + lastLines(result.output()),
                    "See in the log which package or mirror it could not get.");
        }
    }

    private Program program(List<String> lock, List<String> script) {
        var argv = new ArrayList<>(lock);
        argv.addAll(script);
        return Program.of(argv).in(folder).limit(policy.limit());
    }

    private static String lastLines(String output) {
        var lines = output.lines().filter(line -> line.startsWith("E:")).toList();
        var shown = lines.isEmpty() ? output.lines().toList() : lines;
        return String.join(" / ", shown.subList(Math.max(0, shown.size() - 3), shown.size()));
    }
}
