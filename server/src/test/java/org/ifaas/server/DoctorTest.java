package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.api.CheckView;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.chore.LeftBehind;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.NoHosts;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.retention.InMemoryOutdated;
import org.ifaas.factory.retention.Retention;
import org.ifaas.factory.retention.RetentionPolicy;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Offer;
import org.ifaas.factory.stage.HostPolicy;
import org.ifaas.factory.stage.Stages;
import org.ifaas.hosts.qemu.Accelerator;
import org.ifaas.hosts.qemu.Accelerators.Verdict;
import org.ifaas.hosts.qemu.QemuPolicy;
import org.ifaas.hosts.qemu.QemuTestInstances;
import org.ifaas.release.approval.KeyApprovals;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.DirectoryStore;
import org.ifaas.storage.StorePolicy;
import org.ifaas.store.StoreDoctor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check when all is well, and when it is not: told with what would mend it. */
class DoctorTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final InstantSource CLOCK = () -> NOW;
    private static final List<String> TOOLS = List.of(
            "qemu-system-x86_64", "qemu-img", "git", "gpgv", "hashdeep", "jq", "debugfs", "iperf3", "mmdebstrap");

    @TempDir
    Path folder;

    private Verdict kvm = new Verdict(Accelerator.KVM, "a kernel booted in KVM", "");
    private Availability host = new Availability(true, "systemd-nspawn", "");
    private Availability repository = new Availability(true, "/srv/images", "");
    private Availability database = new Availability(true, "PostgreSQL", "");
    private Availability schema = new Availability(true, "version 16", "");
    private StorePolicy store = StorePolicy.defaults();
    private SigningKeyPolicy key;
    private boolean mirrorsAnswer = true;
    private final List<LeftBehind> left = new ArrayList<>();

    @Test
    void all_is_well_where_everything_is_there() throws IOException {
        for (var tool : TOOLS) {
            var file = Files.createFile(
                    Files.createDirectories(folder.resolve("bin")).resolve(tool));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        var checks = checks();

        assertThat(checks.keySet())
                .containsAll(TOOLS)
                .contains(
                        "JDK",
                        "database",
                        "space",
                        "space of the home",
                        "build hosts: CONTAINER",
                        "KVM",
                        "test instances",
                        "hand-over by ssh",
                        "artifact store",
                        "region west",
                        "signing key",
                        "approval key",
                        "mirrors",
                        "repository shipped",
                        "retention");
        checks.keySet().removeAll(List.of("test instances", "UEFI")); // need this machine's QEMU
        assertThat(checks.values()).allSatisfy(check -> {
            assertThat(check.result()).as(check.toString()).isEqualTo("ok");
            assertThat(check.mend()).isNull();
        });
        assertThat(at(checks, "KVM").detail()).isEqualTo("a kernel booted in KVM");
    }

    @Test
    void a_program_that_is_missing_is_mended_by_its_package() {
        var checks = checks();

        assertThat(TOOLS).allSatisfy(tool -> {
            assertThat(at(checks, tool).result()).isEqualTo("failed");
            assertThat(at(checks, tool).mend()).startsWith("apt-get install ");
        });
        assertThat(at(checks, "debugfs").mend()).isEqualTo("apt-get install e2fsprogs");
    }

    @Test
    void the_mend_for_kvm_is_that_of_its_reason() {
        kvm = new Verdict(Accelerator.TCG, "this user may not open /dev/kvm", "Add the user to the group kvm.");

        var check = at(checks(), "KVM");

        assertThat(check.result()).isEqualTo("warning");
        assertThat(check.detail()).startsWith("this user may not open /dev/kvm; QEMU emulates (TCG)");
        assertThat(check.mend()).isEqualTo("Add the user to the group kvm.");
    }

    @Test
    void without_room_space_and_everything_that_is_written_fail() {
        store = new StorePolicy(StorePolicy.defaults().leftover(), Long.MAX_VALUE / 2);

        var checks = checks();

        assertThat(List.of("space", "artifact store", "region west")).allSatisfy(name -> {
            assertThat(at(checks, name).result()).isEqualTo("failed");
            assertThat(at(checks, name).mend()).isNotEmpty();
        });
    }

    @Test
    void a_store_and_a_region_whose_folders_are_gone_fail() throws IOException {
        var doctor = doctor();
        for (var name : List.of("store", "west")) {
            Files.move(folder.resolve(name), folder.resolve(name + "-unmounted"));
            Files.createFile(folder.resolve(name));
        }

        var checks = checks(doctor);

        assertThat(at(checks, "artifact store").result()).isEqualTo("failed");
        assertThat(at(checks, "artifact store").detail()).contains(folder.resolve("store") + " can't be written");
        assertThat(at(checks, "region west").result()).isEqualTo("failed");
    }

    @Test
    void a_key_that_is_not_there_fails() {
        var defaults = SigningKeyPolicy.defaults(folder.resolve("keys"));
        key = new SigningKeyPolicy(
                defaults.name(),
                defaults.folder(),
                defaults.userId(),
                Optional.of(folder.resolve("no-such-key.asc")),
                Optional.empty(),
                defaults.lifetime(),
                defaults.margin());

        var checks = checks();

        for (var name : List.of("signing key", "approval key")) {
            assertThat(at(checks, name).result()).isEqualTo("failed");
            assertThat(at(checks, name).detail()).contains("no-such-key.asc");
            assertThat(at(checks, name).mend()).isNotEmpty();
        }
    }

    @Test
    void what_does_not_answer_is_told_in_its_own_words() {
        host = new Availability(false, "no namespaces", "Allow them.");
        repository = new Availability(false, "git: no route to host", "Look at the network.");
        mirrorsAnswer = false;
        database = new Availability(false, "connection refused", "Start it.");
        schema = new Availability(false, "of a later release", "Upgrade.");
        left.add(new LeftBehind("cloud east", "server ifaas-x", NOW.minusSeconds(7_500), "it is locked", "Unlock it."));

        var checks = checks();

        assertThat(at(checks, "database"))
                .isEqualTo(new CheckView("database", "failed", "connection refused", "Start it.", null));
        assertThat(at(checks, StoreDoctor.SCHEMA))
                .isEqualTo(new CheckView(StoreDoctor.SCHEMA, "warning", "of a later release", "Upgrade.", null));
        assertThat(at(checks, "build hosts: CONTAINER"))
                .isEqualTo(new CheckView("build hosts: CONTAINER", "warning", "no namespaces", "Allow them.", null));
        assertThat(at(checks, "repository shipped"))
                .isEqualTo(new CheckView(
                        "repository shipped", "failed", "git: no route to host", "Look at the network.", null));
        assertThat(at(checks, "mirrors"))
                .isEqualTo(new CheckView("mirrors", "failed", "the mirror does not answer", "Try it.", null));
        assertThat(at(checks, "left behind in cloud east"))
                .isEqualTo(new CheckView(
                        "left behind in cloud east",
                        "warning",
                        "server ifaas-x can't be removed since 2 hours 5 minutes: it is locked",
                        "Unlock it.",
                        null));
    }

    @Test
    void a_cloud_that_nobody_has_described_fails() {
        assertThat(doctor().of("nowhere")).singleElement().satisfies(check -> {
            assertThat(check.result()).isEqualTo("failed");
            assertThat(check.mend()).contains("under clouds in ifaas.yaml");
        });
    }

    private static CheckView at(Map<String, CheckView> checks, String name) {
        return Optional.ofNullable(checks.get(name)).orElseThrow(() -> new AssertionError(name + " in " + checks));
    }

    private Map<String, CheckView> checks() {
        return checks(doctor());
    }

    private static Map<String, CheckView> checks(Doctor doctor) {
        var checks = new HashMap<String, CheckView>();
        doctor.of(null).forEach(check -> checks.put(check.name(), check));
        return checks;
    }

    /** It looks at some of the ports only. */
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private Doctor doctor() {
        var artifacts = new DirectoryStore(folder.resolve("store"), store, CLOCK);
        var registries = new Registries(
                List.of(new DirectoryRegion("west", DiskFormat.QCOW2, folder.resolve("west"), store, CLOCK)));
        var signer = new OpenPgpSigner(key == null ? SigningKeyPolicy.defaults(folder.resolve("keys")) : key, CLOCK);
        var journal = new InMemoryJournal();
        var logs = new InMemoryLogs();
        var ports = new Stages.Ports(
                new Definitions(),
                new Archive(),
                new BuildHosts(List.of(new OnlyHost())),
                null,
                null,
                Handovers.overSsh(),
                new Instances(List.of(
                        new QemuTestInstances(folder.resolve("instances"), () -> kvm, QemuPolicy.defaults(), CLOCK))),
                registries,
                artifacts,
                null,
                null,
                null,
                signer,
                null,
                null,
                null,
                null);
        var retention = new Retention(
                new InMemoryOutdated(journal, new InMemoryRequests(journal), logs),
                journal,
                logs,
                artifacts,
                registries,
                new InMemoryAuditLog(CLOCK),
                RetentionPolicy.defaults(),
                CLOCK);
        return new Doctor(
                ports,
                HostPolicy.defaults(),
                () -> Map.of("database", database, StoreDoctor.SCHEMA, schema),
                folder,
                folder.resolve("bin").toString(),
                Map.of(),
                () -> left,
                retention,
                new KeyApprovals(signer, CLOCK),
                CLOCK);
    }

    private final class Definitions extends OneImage {
        Definitions() {
            super("tiny");
        }

        @Override
        public Map<String, Availability> availability() {
            return Map.of("shipped", repository);
        }
    }

    private final class Archive implements Mirrors {
        private final AptSource source = new AptSource("http://mirror.example.org/debian", "bookworm", List.of("main"));

        @Override
        public List<AptSource> sources(String distro, String codename) {
            return List.of(source);
        }

        @Override
        public List<MirrorState> state(List<AptSource> sources) throws StageFailure {
            if (!mirrorsAnswer) {
                throw new StageFailure(Blame.CLOUD, "the mirror does not answer", "Try it.");
            }
            return List.of(new MirrorState(source, "0".repeat(64), NOW));
        }

        @Override
        public Offer offer(List<AptSource> sources, String architecture, Set<String> packages) {
            return new Offer(List.of(), Map.of());
        }
    }

    private final class OnlyHost implements NoHosts {
        @Override
        public HostKind kind() {
            return HostKind.CONTAINER;
        }

        @Override
        public Availability availability() {
            return host;
        }
    }
}
