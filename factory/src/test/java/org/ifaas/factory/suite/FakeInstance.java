package org.ifaas.factory.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A folder that looks like a sound instance to the suite's scripts, so that every check can be seen failing without a boot.
 * Programs that ask the running system (systemd, sshd, cloud-init) are scripts that answer as those did on a real one; all
 * others are this machine's own.
 */
final class FakeInstance {
    static final String SEED = "AAAAC3NzaC1lZDI1NTE5AAAAIEseedseedseed";
    static final String MACHINE_ID = "8d92fc44470146be9653969c21cfbe87";
    static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    private static final List<String> TOOLS = List.of(
            "sh",
            "bash",
            "cat",
            "sed",
            "grep",
            "head",
            "tail",
            "tr",
            "cut",
            "sort",
            "stat",
            "md5sum",
            "find",
            "awk",
            "mktemp",
            "rm",
            "timeout",
            "getent",
            "dpkg",
            "dpkg-query",
            "sleep");

    final Path root;
    final Map<String, String> parameters = new TreeMap<>();
    private final Path bin;
    private final Path scripts;

    FakeInstance(Path folder) throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        bin = Files.createDirectory(folder.resolve("bin"));
        scripts = Files.createDirectory(folder.resolve("scripts"));
        for (var script : SuiteScripts.all()) {
            Files.writeString(scripts.resolve(script), Script.resource(script));
        }
        system();
        access();
        packages();
        parameters.putAll(Map.of(
                "IFAAS_BOOT_MILLISECONDS", "9000",
                "IFAAS_BOOT_BUDGET_MILLISECONDS", "10000",
                "IFAAS_SETTLE_SECONDS", "5",
                "IFAAS_USER", "debian",
                "IFAAS_HOSTNAME", "localhost",
                "IFAAS_SEED_KEY", SEED,
                "IFAAS_IMAGE_VIRTUAL_BYTES", "1000",
                "IFAAS_DISK_BYTES", "1000",
                "IFAAS_MIRROR_HOSTS", "mirror.build.example 192.0.2.7:3142"));
    }

    private void system() throws IOException {
        file("proc/stat", "cpu 1 2 3\nbtime " + (Instant.now().getEpochSecond() - 5) + "\nprocesses 9\n");
        file("proc/cmdline", "root=LABEL=root console=tty0 console=ttyS0\n");
        file("proc/net/route", "Iface\tDestination\tGateway\neth0\t00000000\t0202000A\n");
        file("proc/sys/kernel/hostname", "localhost\n");
        file("proc/sys/kernel/osrelease", "6.1.0-10-cloud-amd64\n");
        file("proc/sys/kernel/random/boot_id", "b00t-1\n");
        file("sys/class/tty/console/active", "tty0 ttyS0\n");
        file("etc/hostname", "localhost\n");
        file("etc/machine-id", MACHINE_ID + "\n");
        file("var/lib/dbus/machine-id", MACHINE_ID + "\n");
        file("failed-units", "");
        file("state", "running\n");
        file("active-units", "serial-getty@ttyS0.service\nsystemd-timesyncd\n");
        program("systemctl", """
                case "$*" in
                    is-system-running*) cat "$IFAAS_ROOT/state" ;;
                    list-units*) cat "$IFAAS_ROOT/failed-units" ;;
                    show*) printf 'UserspaceTimestampMonotonic=11078000\\nFinishTimestampMonotonic=99507123\\n' ;;
                    is-active*)
                        shift
                        for unit; do grep -q -x -e "$unit" "$IFAAS_ROOT/active-units" && echo active || echo inactive; done
                        ;;
                    *) echo "$*" ;;
                esac
                """);
        file(
                "run/cloud-init/result.json",
                "{\n \"v1\": {\n  \"datasource\": \"DataSourceNoCloud [seed=/dev/vdb][dsmode=net]\",\n  \"errors\": []\n }\n}\n");
        file(
                "run/cloud-init/status.json",
                "{\n \"v1\": {\n  \"init\": {\n   \"errors\": [],\n   \"start\": 1.5\n  }\n }\n}\n");
        file("cloud-init-status", "status: done\nboot_status_code: enabled-by-generator\ndetail:\nDataSourceNoCloud\n");
        file(
                "var/log/cloud-init.log",
                "2026-11-22 22:51:40 - util.py[DEBUG]: Attempting to remove /var/lib/cloud/instance\n");
        file(
                "var/log/cloud-init-output.log",
                "Cloud-init v. 22.4.2 finished at Sun, 22 Nov 2026. Datasource X.  Up 98.77 seconds\n");
        program("cloud-init", "cat \"$IFAAS_ROOT/cloud-init-status\"");
    }

    private void access() throws IOException {
        file(
                "etc/passwd",
                "root:x:0:0:root:/root:/bin/bash\nsync:x:4:65534:sync:/bin:/bin/sync\ndebian:x:1000:1000::/home/debian:/bin/sh\n");
        file("etc/shadow", "root:*:20000:0:99999:7:::\nsync:!*:20000:0:99999:7:::\ndebian:!:20000:0:99999:7:::\n");
        file("root/.bashrc", "");
        file("home/debian/.ssh/authorized_keys", "ssh-ed25519 " + SEED + " build\n");
        file("root/.ssh/authorized_keys", "no-pty,command=\"echo no\" ssh-ed25519 " + SEED + " build\n");
        file("home/debian/.bash_history", "");
        for (var type : List.of("ed25519", "rsa")) {
            file("etc/ssh/ssh_host_" + type + "_key", "private");
            file("etc/ssh/ssh_host_" + type + "_key.pub", "ssh-" + type + " AAAA" + type + " root@localhost\n");
            mode("etc/ssh/ssh_host_" + type + "_key", "rw-------");
        }
        file("sshd-settings", """
                passwordauthentication no
                kbdinteractiveauthentication no
                permitemptypasswords no
                permitrootlogin without-password
                pubkeyauthentication yes
                hostbasedauthentication no
                permituserenvironment no
                """);
        program("sshd", "cat \"$IFAAS_ROOT/sshd-settings\"");
        file(
                "etc/apt/sources.list",
                "# deb [trusted=yes] file:/x ./\ndeb http://packages.customer.example/debian stable main\n");
        file("etc/apt/apt.conf.d/01autoremove", "// Acquire::http::Proxy \"no\";\nAPT::NeverAutoRemove \"x\";\n");
        file("var/lib/apt/lists/lock", "");
        age("etc/apt/sources.list");
        file("var/log/lastlog", "");
    }

    private void packages() throws IOException {
        file("boot/vmlinuz-6.1.0-9-cloud-amd64", "");
        file("boot/vmlinuz-6.1.0-10-cloud-amd64", "");
        file("usr/bin/tool", "tool\n");
        file("etc/tool.conf", "mirror = http://mirror.build.example/\n");
        age("etc/tool.conf");
        file("var/lib/dpkg/status", """
                Package: tool
                Status: install ok installed
                Maintainer: x <x@example.org>
                Architecture: all
                Version: 2.0-1
                Conffiles:
                 /etc/tool.conf %s
                Description: x

                """.formatted(md5("mirror = http://mirror.build.example/\n")));
        file(
                "var/lib/dpkg/info/tool.list",
                "/.\n/usr\n/usr/bin\n/usr/bin/tool\n/usr/share/doc/tool/README\n/etc/tool.conf\n");
        file(
                "var/lib/dpkg/info/tool.md5sums",
                md5("tool\n") + "  usr/bin/tool\n" + md5("x") + "  usr/share/doc/tool/README\n");
        file("var/lib/dpkg/info/format", "1\n");
        file("etc/dpkg/dpkg.cfg.d/slim", "path-exclude=/usr/share/doc/*\n");
        offered("tool\t2.0-1\n");
    }

    void offered(String lines) throws IOException {
        Files.writeString(scripts.resolve("packages-offered.tsv"), lines);
    }

    void file(String path, String content) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    void append(String path, String content) throws IOException {
        var file = root.resolve(path);
        file(path, (Files.exists(file) ? Files.readString(file) : "") + content);
    }

    void replace(String path, String old, String by) throws IOException {
        file(path, Files.readString(root.resolve(path)).replace(old, by));
    }

    /** As the image brought it: last written before this boot. */
    void age(String path) throws IOException {
        Files.setLastModifiedTime(root.resolve(path), FileTime.from(LONG_AGO));
    }

    /** This boot begins only now, so that all files were there before; those last written "later" are of this boot. */
    void bootLater() throws IOException {
        var later = Instant.now().plusSeconds(10_000);
        file("proc/stat", "btime " + later.getEpochSecond() + "\n");
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(later.plusSeconds(100)));
            }
        }
    }

    void mode(String path, String permissions) throws IOException {
        Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(permissions));
    }

    void delete(String path) throws IOException {
        Files.delete(root.resolve(path));
    }

    /** Puts a program in the place of another. */
    void program(String name, String body) throws IOException {
        var file = bin.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void remove(String program) throws IOException {
        Files.delete(bin.resolve(program));
    }

    /** Runs one of the suite's scripts and reads what it prints. */
    Tap.Stream run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        "/bin/sh", scripts.resolve(script + ".sh").toString())
                .redirectErrorStream(true)
                .directory(scripts.toFile());
        builder.environment().clear();
        builder.environment().putAll(parameters);
        builder.environment().put("IFAAS_ROOT", root.toString());
        builder.environment().put("PATH", bin + ":" + tools());
        builder.environment().put("LC_ALL", "C");
        var process = builder.start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(60, TimeUnit.SECONDS);
        return Tap.parse(text, process.exitValue(), List.of());
    }

    static String md5(String content) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** This machine's own programs that an instance is sure to have too, and no others, whatever this machine has. */
    private static synchronized Path tools() throws IOException {
        var folder = Files.createDirectories(Path.of("target/suite-tools").toAbsolutePath());
        for (var tool : TOOLS) {
            if (!Files.exists(folder.resolve(tool))) {
                Files.createSymbolicLink(folder.resolve(tool), where(tool));
            }
        }
        return folder;
    }

    private static Path where(String tool) {
        for (var folder : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return Path.of(folder, tool);
            }
        }
        throw new AssertionError("this machine has no " + tool + ", which the suite's scripts use");
    }
}
