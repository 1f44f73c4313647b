package org.ifaas.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ifaas.api.CheckView;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.stage.HostPolicy;
import org.ifaas.factory.stage.Stages;

/** Checks everything a build needs on this machine, for real, and says the mend for what is missing. */
final class Doctor implements Supplier<List<CheckView>> {
    private static final long GIB = 1L << 30;
    private static final long LITTLE = 5 * GIB;
    private static final long ENOUGH = 20 * GIB;

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

    private final Stages.Ports ports;
    private final HostPolicy hosts;
    private final String database;
    private final String path;

    /** @param path where programs are looked for */
    Doctor(Stages.Ports ports, HostPolicy hosts, String database, String path) {
        this.path = path;
        this.ports = ports;
        this.hosts = hosts;
        this.database = database;
    }

    @Override
    public List<CheckView> get() {
        var checks = new ArrayList<CheckView>();
        checks.add(new CheckView(
                "JDK",
                "ok",
                System.getProperty("java.vm.version") + " in " + System.getProperty("java.home"),
                null,
                null));
        checks.add(new CheckView("database", "ok", database, null, null));
        checks.add(space());
        TOOLS.forEach((program, debianPackage) -> checks.add(tool(program, debianPackage, path)));
        checks.add(acceleration());
        ports.hosts()
                .all()
                .forEach(provider ->
                        checks.add(available("build hosts: " + provider.kind(), provider.availability(), "warning")));
        checks.add(available("test instances", ports.instances().availability(), "failed"));
        checks.add(available("artifact store", ports.store().availability(), "failed"));
        ports.registries()
                .all()
                .forEach(registry ->
                        checks.add(available("region " + registry.region(), registry.availability(), "failed")));
        checks.add(key());
        checks.add(mirrors(ports.mirrors()));
        ports.repository().definitions().forEach(listed -> {
            if (listed.error() != null) {
                checks.add(new CheckView(
                        "definition " + listed.name(), "failed", listed.error(), "Mend it and commit.", null));
            }
        });
        return checks;
    }

    private CheckView acceleration() {
        boolean works = ports.instances().patience() == 1;
        return new CheckView(
                "KVM",
                works ? "ok" : "warning",
                works
                        ? "a guest was booted with it"
                        : "no guest boots with it here; QEMU emulates (TCG), which takes about "
                                + ports.instances().patience() + " times as long",
                works
                        ? null
                        : "Enable virtualisation in the firmware, or nested virtualisation, and let this user write /dev/kvm.",
                null);
    }

    private CheckView space() {
        try {
            long free = ports.store().free();
            var detail = free / GIB + " GiB are free";
            if (free < LITTLE) {
                return new CheckView("space", "failed", detail, "Make space: a build needs some 5 GiB.", "df -h");
            }
            return free < ENOUGH
                    ? new CheckView(
                            "space",
                            "warning",
                            detail,
                            "Room for few builds only; 20 GiB and more are comfortable.",
                            "df -h")
                    : new CheckView("space", "ok", detail, null, "df -h");
        } catch (IOException e) {
            return new CheckView(
                    "space", "failed", String.valueOf(e.getMessage()), "Mend the artifact store.", "df -h");
        }
    }

    private static CheckView tool(String program, String debianPackage, String path) {
        for (var folder : path.split(":")) {
            var file = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(file)) {
                return new CheckView(program, "ok", file.toString(), null, null);
            }
        }
        return new CheckView(program, "failed", "not found", "apt-get install " + debianPackage, null);
    }

    private static CheckView available(String name, Availability availability, String otherwise) {
        return availability.available()
                ? new CheckView(name, "ok", availability.detail(), null, null)
                : new CheckView(name, otherwise, availability.detail(), availability.mend(), null);
    }

    private CheckView key() {
        try {
            var key = ports.signer().usableKey();
            return new CheckView(
                    "signing key",
                    "ok",
                    key.fingerprint() + ", " + key.userId() + ", expires " + key.expires(),
                    null,
                    null);
        } catch (StageFailure e) {
            return new CheckView("signing key", "failed", String.valueOf(e.getMessage()), e.mend(), null);
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
