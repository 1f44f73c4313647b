package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * Build hosts under QEMU: copy-on-write over a prepared root, with the host key and the user key in a NoCloud seed that
 * cloud-init reads. For root and for other users. A host reaches the outside network and nothing of the factory's loopback,
 * so a mirror that listens there only can't serve it. Whoever spawns one has to wait for SSH: 1 minute without KVM is
 * good, 4 are not unusual.
 */
public final class QemuHosts implements HostProvider {
    private static final long GIB = 1L << 30;
    private static final String COMMAND_LINE =
            "root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 ds=nocloud mitigations=off";

    private final Machines machines;
    private final BootRoots roots;
    private final Accelerators accelerators;
    private final QemuPolicy policy;
    private final InstantSource clock;

    /** @param folder for the hosts of one factory, a folder each; nothing else is in it */
    public QemuHosts(Path folder, BootRoots roots, Accelerators accelerators, QemuPolicy policy, InstantSource clock) {
        this.machines = new Machines(folder, policy);
        this.roots = roots;
        this.accelerators = accelerators;
        this.policy = policy;
        this.clock = clock;
    }

    @Override
    public HostKind kind() {
        return HostKind.QEMU;
    }

    @Override
    public String architecture() {
        return "amd64";
    }

    @Override
    public Availability availability() {
        try {
            var missing = Tools.missing(policy);
            if (missing.isEmpty()) {
                missing = roots.missing();
            }
            if (missing.isPresent()) {
                return missing.get();
            }
            var verdict = accelerators.verdict();
            return new Availability(true, verdict.accelerator().detail() + ": " + verdict.detail(), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Availability(false, "interrupted while looking", "Ask again.");
        }
    }

    @Override
    public BuildHost spawn(HostRequest request, StageLog log) throws StageFailure, InterruptedException {
        var there = find(request.name());
        if (there.isPresent()) {
            log.line("the host " + request.name() + " is there already");
            return there.get();
        }
        var root = roots.root(request, log);
        var accelerator = accelerators.verdict().accelerator();
        log.line("starting " + request.name() + ", " + accelerator.detail());
        try {
            int port = machines.start(machine(request, root), accelerator);
            var host = new BuildHost(
                    HostKind.QEMU,
                    request.name(),
                    "127.0.0.1",
                    port,
                    "root",
                    key(request.hostKey().publicKey()),
                    accelerator.detail(),
                    clock.instant());
            HostRecord.write(machines.folder(request.name()), host);
            return host;
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the host " + request.name() + " could not be recorded: " + e.getMessage(),
                    "Look at space and rights in the factory's folder, then retry the build.",
                    e);
        }
    }

    private Machine machine(HostRequest request, BootRoot root) throws StageFailure, IOException {
        return new Machine(
                request.name(),
                request.size(),
                root.disk(),
                DiskFormat.QCOW2,
                Math.max(request.size().diskGiB() * GIB, Qcow2.virtualSize(root.disk())),
                new Machine.Kernel(root.kernel(), root.initrd(), COMMAND_LINE),
                CloudInit.buildHost(request.name(), request.userKey(), request.hostKey()),
                List.of());
    }

    /** Type and base64, without the comment. */
    private static String key(String line) {
        var words = line.strip().split(" ");
        return words[0] + " " + words[1];
    }

    @Override
    public Optional<BuildHost> find(String name) {
        return HostRecord.read(machines.folder(name)).filter(_ -> machines.runs(name));
    }

    @Override
    public void destroy(String name) throws StageFailure, InterruptedException {
        machines.destroy(name);
    }

    @Override
    public List<String> list() {
        return machines.list();
    }
}
