package org.ifaas.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ifaas.api.CheckView;
import org.ifaas.factory.chore.LeftBehind;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.ApprovalSigner;
import org.ifaas.factory.retention.Retention;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.stage.HostPolicy;
import org.ifaas.factory.stage.Stages;
import org.ifaas.openstack.doctor.CloudDoctor;
import org.ifaas.store.StoreDoctor;
import org.jspecify.annotations.Nullable;

/** Checks everything a build needs on this machine, for real, and says the mend for what is missing. */
final class Doctor {
    private static final long GIB = 1L << 30;
    private static final long LITTLE = 5 * GIB;
    private static final long ENOUGH = 20 * GIB;
    private static final int MOST_NAMED = 10;

    /** Programs and the Debian packages they come in. */
    private static final Map<String, String> TOOLS = new TreeMap<>(Map.of(
            "qemu-system-x86_64", "qemu-system-x86",
            "qemu-img", "qemu-utils",
            "git", "git",
            "gpgv", "gpgv",
            "hashdeep", "hashdeep",
            "jq", "jq",
            "debugfs", "e2fsprogs",
            "iperf3", "iperf3",
            "mmdebstrap", "mmdebstrap"));

    /** What only build hosts and test instances on this machine need. */
    private static final Set<String> FOR_THIS_MACHINE = Set.of("qemu-system-x86_64", "mmdebstrap");

    private final Stages.Ports ports;
    private final HostPolicy hosts;
    private final Supplier<Map<String, Availability>> database;
    private final Path home;
    private final String path;
    private final Map<String, CloudDoctor> clouds;
    private final Supplier<List<LeftBehind>> left;
    private final Retention retention;
    private final ApprovalSigner approvals;
    private final InstantSource clock;

    /**
     * @param database looks at it
     * @param home whose disk builds, hosts and the embedded database share
     * @param path where programs are looked for
     * @param left what could not be removed
     */
    Doctor(
            Stages.Ports ports,
            HostPolicy hosts,
            Supplier<Map<String, Availability>> database,
            Path home,
            String path,
            Map<String, CloudDoctor> clouds,
            Supplier<List<LeftBehind>> left,
            Retention retention,
            ApprovalSigner approvals,
            InstantSource clock) {
        this.approvals = approvals;
        this.clouds = clouds;
        this.left = left;
        this.retention = retention;
        this.clock = clock;
        this.home = home;
        this.path = path;
        this.ports = ports;
        this.hosts = hosts;
        this.database = database;
    }

    /** @param cloud what is looked at; null for this machine */
    List<CheckView> of(@Nullable String cloud) {
        return cloud == null ? thisMachine() : inCloud(cloud);
    }

    private List<CheckView> inCloud(String name) {
        var doctor = clouds.get(name);
        if (doctor == null) {
            return List.of(new CheckView(
                    "cloud " + name,
                    "failed",
                    "the factory knows no cloud of that name",
                    clouds.isEmpty()
                            ? "Describe it under clouds in ifaas.yaml; docs/operate/openstack.md says how."
                            : "Choose among " + String.join(", ", clouds.keySet()) + ".",
                    null));
        }
        try {
            var checks = new ArrayList<CheckView>();
            doctor.checks().forEach((what, found) -> checks.add(available(name + ": " + what, found, "failed")));
            return checks;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(new CheckView(name, "failed", "not checked: the factory stops", "Ask again.", null));
        }
    }

    private CheckView left(LeftBehind thing) {
        var age = Duration.between(thing.since(), clock.instant());
        return new CheckView(
                "left behind in " + thing.where(),
                "warning",
                "%s can't be removed since %d hours %d minutes: %s"
                        .formatted(thing.name(), age.toHours(), age.toMinutesPart(), thing.why()),
                thing.mend(),
                null);
    }

    private List<CheckView> thisMachine() {
        var checks = new ArrayList<CheckView>();
        checks.add(new CheckView(
                "JDK",
                "ok",
                System.getProperty("java.vm.version") + " in " + System.getProperty("java.home"),
                null,
                null));
        var store = database.get();
        store.forEach((what, found) ->
                checks.add(available(what, found, what.equals(StoreDoctor.SCHEMA) ? "warning" : "failed")));
        checks.add(space("space", ports.store()::free));
        checks.add(space("space of the home", () -> Files.getFileStore(home).getUsableSpace()));
        // Where there are clouds, nothing needs to be built and tested here.
        var here = clouds.isEmpty() ? "failed" : "warning";
        TOOLS.forEach((program, debianPackage) ->
                checks.add(tool(program, debianPackage, FOR_THIS_MACHINE.contains(program) ? here : "failed")));
        ports.hosts()
                .usedBy(null)
                .forEach(provider ->
                        checks.add(available("build hosts: " + provider.kind(), provider.availability(), "warning")));
        ports.instances().all().stream()
                .filter(instances -> instances.cloud() == null)
                .forEach(instances -> {
                    checks.add(available("KVM", instances.acceleration(), "warning"));
                    checks.add(available("test instances", instances.availability(), here));
                    checks.add(uefi(instances));
                });
        ports.handovers()
                .all()
                .forEach(handover ->
                        checks.add(available("hand-over by " + handover.name(), handover.availability(), "failed")));
        checks.add(available("artifact store", ports.store().availability(), "failed"));
        ports.registries()
                .all()
                .forEach(registry ->
                        checks.add(available("region " + registry.region(), registry.availability(), "failed")));
        checks.add(key("signing key", ports.signer()::usableKey));
        checks.add(key("approval key", approvals::key));
        checks.add(mirrors(ports.mirrors()));
        checks.addAll(repositories());
        ports.repository().definitions().forEach(listed -> {
            if (listed.error() != null) {
                checks.add(new CheckView(
                        "definition " + listed.name(), "failed", listed.error(), "Mend it and commit.", null));
            }
        });
        checks.addAll(
                Objects.requireNonNull(store.get(StoreDoctor.SERVER)).available()
                        ? retention()
                        : List.of(new CheckView("retention", "warning", "not checked", "Mend the database.", null)));
        left.get().forEach(thing -> checks.add(left(thing)));
        return checks;
    }

    /** What the next round of retention removes, and what it can't. */
    private List<CheckView> retention() {
        var due = retention.next();
        var going = due.stream().filter(each -> each.stays() == null).toList();
        var bytes = going.stream().mapToLong(Retention.Due::bytes).sum();
        var names = going.stream()
                .limit(MOST_NAMED)
                .map(each -> each.image() + " " + each.build() + " " + each.what())
                .collect(Collectors.joining(", "));
        var detail = going.isEmpty()
                ? "nothing is over its time"
                : (retention.policy().enabled() ? "the next round removes " : "switched off, would remove ")
                        + "%d of builds, %.1f MiB: ".formatted(going.size(), bytes / 1024.0 / 1024.0)
                        + names
                        + (going.size() > MOST_NAMED ? " and more" : "");
        var checks = new ArrayList<CheckView>();
        checks.add(new CheckView("retention", "ok", detail, null, null));
        due.stream()
                .filter(each -> each.stays() != null)
                .limit(MOST_NAMED)
                .map(each -> new CheckView(
                        "retention: build " + each.build(),
                        "ok",
                        "stays although it is over its time: " + each.stays(),
                        null,
                        null))
                .forEach(checks::add);
        return checks;
    }

    private static CheckView uefi(TestInstances instances) {
        try {
            instances.checkBoots("amd64", Firmware.UEFI);
            return new CheckView("UEFI", "ok", "images with firmware: uefi can be tested here", null, null);
        } catch (StageFailure e) {
            return new CheckView("UEFI", "warning", e.getMessage(), e.mend(), null);
        }
    }

    private interface Free {
        long bytes() throws IOException;
    }

    private static CheckView space(String of, Free space) {
        try {
            long free = space.bytes();
            var detail = free / GIB + " GiB are free";
            if (free < LITTLE) {
                return new CheckView(of, "failed", detail, "Make space: a build needs some 5 GiB.", "df -h");
            }
            return free < ENOUGH
                    ? new CheckView(
                            of,
                            "warning",
                            detail,
                            "Room for few builds only; 20 GiB and more are comfortable.",
                            "df -h")
                    : new CheckView(of, "ok", detail, null, "df -h");
        } catch (IOException e) {
            return new CheckView(
                    of, "failed", String.valueOf(e.getMessage()), "See to its mount and its owner.", "df -h");
        }
    }

    private CheckView tool(String program, String debianPackage, String otherwise) {
        for (var folder : path.split(":")) {
            var file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(file)) {
                return new CheckView(program, "ok", file.toString(), null, null);
            }
        }
        return new CheckView(program, otherwise, "not found", "apt-get install " + debianPackage, null);
    }

    private static CheckView available(String name, Availability availability, String otherwise) {
        return availability.available()
                ? new CheckView(name, "ok", availability.detail(), null, null)
                : new CheckView(name, otherwise, availability.detail(), availability.mend(), null);
    }

    private interface Keyed {
        Signer.Key key() throws StageFailure;
    }

    private static CheckView key(String name, Keyed signer) {
        try {
            var key = signer.key();
            return new CheckView(
                    name, "ok", key.fingerprint() + ", " + key.userId() + ", expires " + key.expires(), null, null);
        } catch (StageFailure e) {
            return new CheckView(name, "failed", String.valueOf(e.getMessage()), e.mend(), null);
        }
    }

    private List<CheckView> repositories() {
        try {
            var checks = new ArrayList<CheckView>();
            ports.repository()
                    .availability()
                    .forEach((name, found) -> checks.add(available("repository " + name, found, "failed")));
            return checks;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(
                    new CheckView("repositories", "failed", "not checked: the factory stops", "Ask again.", null));
        }
    }

    private CheckView mirrors(Mirrors mirrors) {
        try {
            var states = mirrors.state(
                    mirrors.sources(hosts.os().distro(), hosts.os().codename()));
            var detail = new ArrayList<String>();
            states.forEach(state -> detail.add(state.source().suite() + " of " + state.date()));
            return new CheckView("mirrors", "ok", String.join(", ", detail), null, null);
        } catch (StageFailure e) {
            return new CheckView("mirrors", "failed", String.valueOf(e.getMessage()), e.mend(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CheckView("mirrors", "failed", "not checked: the factory stops", "Ask again.", null);
        }
    }
}
