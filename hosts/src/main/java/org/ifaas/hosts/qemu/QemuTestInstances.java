package org.ifaas.hosts.qemu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * Test instances under QEMU: copy-on-write over the registered file, which is only ever read, with a NoCloud seed. The wall
 * around them is that of every machine here: of the factory's loopback they reach the requested ports and nothing else.
 */
public final class QemuTestInstances implements TestInstances {
    private static final long GIB = 1L << 30;

    private final Machines machines;
    private final Accelerators accelerators;
    private final QemuPolicy policy;
    private final InstantSource clock;

    /** @param folder for the instances of one factory, a folder each; nothing else is in it */
    public QemuTestInstances(Path folder, Accelerators accelerators, QemuPolicy policy, InstantSource clock) {
        this.machines = new Machines(folder, policy);
        this.accelerators = accelerators;
        this.policy = policy;
        this.clock = clock;
    }

    @Override
    public Availability availability() {
        try {
            var missing = Tools.missing(policy);
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
    public Availability acceleration() {
        try {
            var verdict = accelerators.verdict();
            boolean kvm = verdict.accelerator() == Accelerator.KVM;
            return new Availability(
                    kvm,
                    verdict.detail()
                            + (kvm
                                    ? ""
                                    : "; QEMU emulates (TCG), which takes about " + policy.tcgPatience()
                                            + " times as long"),
                    verdict.mend());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Availability(false, "interrupted while looking", "Ask again.");
        }
    }

    @Override
    public int patience() {
        try {
            return accelerators.verdict().accelerator() == Accelerator.KVM ? 1 : policy.tcgPatience();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return policy.tcgPatience();
        }
    }

    @Override
    public HostSize flavor(String name) throws StageFailure {
        var size = policy.flavors().get(name);
        if (size == null) {
            var known = new TreeSet<>(policy.flavors().keySet());
            throw new StageFailure(
                    Blame.IMAGE,
                    "tests.flavors: this machine has no flavor " + name,
                    (known.isEmpty() ? "" : "Choose among " + String.join(", ", known) + ", or: ")
                            + "Describe it under flavors in ifaas.yaml (vcpus, ram_mib, disk_gib), or build for a cloud that"
                            + " has it.");
        }
        return size;
    }

    @Override
    public TestInstance boot(InstanceRequest request, StageLog log) throws StageFailure, InterruptedException {
        var file = request.file();
        if (file == null) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the image " + request.image() + " is not in a folder of this machine, so QEMU can't boot it",
                    "Test images of this region with instances of its own cloud.");
        }
        checkBoots(request.architecture(), request.firmware());
        long imageSize = virtualSize(file, request.diskFormat());
        var machine = new Machine(
                request.name(),
                request.size(),
                file.toAbsolutePath().normalize(),
                request.diskFormat(),
                Math.max(request.size().diskGiB() * GIB, imageSize + GIB),
                new Machine.FromDisk(request.firmware() == Firmware.UEFI ? firmware() : null),
                CloudInit.testInstance(request.name(), request.hostname(), request.user(), request.userKey()),
                request.ports());
        var verdict = accelerators.verdict();
        var accelerator = verdict.accelerator();
        log.line("booting " + request.name() + " from " + file + ", " + accelerator.detail() + ": " + verdict.detail());
        int port = machines.start(machine, accelerator);
        var host = new BuildHost(
                HostKind.QEMU,
                request.name(),
                "127.0.0.1",
                port,
                request.user(),
                null,
                accelerator.detail(),
                clock.instant());
        return new TestInstance(host, accelerator.name(), QemuArguments.FACTORY_ADDRESS);
    }

    @Override
    public void checkBoots(String architecture, Firmware firmware) throws StageFailure {
        if (!List.of("x86_64", "amd64").contains(architecture)) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "architecture: the image's is " + architecture + ", and test instances on this machine have amd64",
                    "Build it with --no-tests, or for a cloud of its architecture, whose servers test it.");
        }
        if (firmware == Firmware.UEFI) {
            firmware();
        }
    }

    @Override
    public String console(String name) {
        return machines.console(name);
    }

    @Override
    public void destroy(String name) throws StageFailure, InterruptedException {
        machines.destroy(name);
    }

    @Override
    public List<String> list() {
        return machines.list();
    }

    private static long virtualSize(Path file, DiskFormat format) throws StageFailure {
        return switch (format) {
            case QCOW2 -> Qcow2.virtualSize(file);
            case RAW -> file.toFile().length();
        };
    }

    private QemuPolicy.Ovmf firmware() throws StageFailure {
        return policy.firmware().stream()
                .filter(ovmf -> Files.isReadable(ovmf.code()) && Files.isReadable(ovmf.variables()))
                .findFirst()
                .orElseThrow(() -> new StageFailure(
                        Blame.FACTORY,
                        "firmware: the image's is uefi, and no UEFI firmware for QEMU is on this machine",
                        "Install it with: apt-get install ovmf"));
    }
}
