package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every check of the baseline suite is seen passing on a sound instance, and failing, alone, on one with its fault. */
class BaselineScriptsTest {
    @TempDir
    Path folder;

    private int instances;
    private FakeInstance sound;

    @BeforeEach
    void makeSoundInstance() throws IOException {
        sound = instance();
    }

    private FakeInstance instance() throws IOException {
        return new FakeInstance(Files.createDirectory(folder.resolve("i" + instances++)));
    }

    private interface Fault {
        void in(FakeInstance instance) throws IOException;
    }

    private static List<String> failed(Tap.Stream stream) {
        return stream.cases().stream()
                .filter(test -> test.has(Outcome.Failed.class))
                .map(TestCase::name)
                .toList();
    }

    private DynamicTest fails(String sentence, String script, String point, Fault fault) {
        return DynamicTest.dynamicTest(sentence, () -> {
            var instance = instance();
            instance.parameters.putAll(comparisons());
            fault.in(instance);
            assertThat(failed(instance.run(script))).containsExactly(point);
        });
    }

    private DynamicTest passes(String sentence, String script, Fault change) {
        return DynamicTest.dynamicTest(sentence, () -> {
            var instance = instance();
            instance.parameters.putAll(comparisons());
            change.in(instance);
            assertThat(failed(instance.run(script))).isEmpty();
        });
    }

    private static Map<String, String> comparisons() {
        return Map.of(
                "IFAAS_OTHER_MACHINE_ID", "0123456789abcdef0123456789abcdef",
                "IFAAS_OTHER_HOST_KEYS", "AAAAother AAAAanother",
                "IFAAS_BEFORE_BOOT_ID", "b00t-0",
                "IFAAS_BEFORE_MACHINE_ID", FakeInstance.MACHINE_ID,
                "IFAAS_BEFORE_HOST_KEYS", "AAAAed25519 AAAArsa");
    }

    @TestFactory
    Stream<DynamicTest> everyScriptPassesOnASoundInstance() {
        var scripts = new ArrayList<>(BaselineSuite.SCRIPTS);
        scripts.addAll(List.of(BaselineSuite.TWO_INSTANCES, BaselineSuite.REBOOT));
        return scripts.stream()
                .map(script -> DynamicTest.dynamicTest(script, () -> {
                    sound.parameters.putAll(comparisons());
                    var cases = sound.run(script).cases();
                    assertThat(cases)
                            .isNotEmpty()
                            .allSatisfy(test -> assertThat(test.outcome())
                                    .as(test.toString())
                                    .isInstanceOfAny(Outcome.Passed.class, Outcome.Skipped.class));
                }));
    }

    @TestFactory
    Stream<DynamicTest> booting() {
        return Stream.of(
                fails(
                        "a boot over its budget fails",
                        "boot",
                        "the first login came within the boot budget",
                        it -> it.parameters.put("IFAAS_BOOT_MILLISECONDS", "10001")),
                fails(
                        "a boot that never ends fails",
                        "boot",
                        "the system has finished booting",
                        it -> it.file("state", "starting\n")),
                fails("a failed unit fails", "boot", "no unit has failed", it -> {
                    it.file("state", "degraded\n");
                    it.file("failed-units", "broken.service loaded failed failed Broken\n");
                }),
                passes(
                        "a boot within its budget to the millisecond passes",
                        "boot",
                        it -> it.parameters.put("IFAAS_BOOT_MILLISECONDS", "10000")));
    }

    @Test
    void bootFiguresAreCollected() throws Exception {
        assertThat(sound.run("boot").figures())
                .containsOnly(
                        Map.entry("boot_kernel_seconds", 11.078),
                        Map.entry("boot_finished_seconds", 99.507),
                        Map.entry("cloud_init_finished_seconds", 98.77));
    }

    @TestFactory
    Stream<DynamicTest> cloudInit() {
        return Stream.of(
                fails(
                        "an image without cloud-init fails",
                        "cloud-init",
                        "cloud-init is done",
                        it -> it.remove("cloud-init")),
                fails(
                        "a cloud-init that is still running fails",
                        "cloud-init",
                        "cloud-init is done",
                        it -> it.file("cloud-init-status", "status: running\n")),
                fails(
                        "a cloud-init that ends with an error fails",
                        "cloud-init",
                        "cloud-init is done",
                        it -> it.program("cloud-init", "echo 'status: error'; exit 1")),
                fails(
                        "an error in the result fails",
                        "cloud-init",
                        "cloud-init met no error",
                        it -> it.replace(
                                "run/cloud-init/result.json", "[]\n }", "[\n   \"('locale', X('[a]'))\"\n  ]\n }")),
                fails(
                        "an error in one stage fails",
                        "cloud-init",
                        "cloud-init met no error",
                        it -> it.replace("run/cloud-init/status.json", "[]", "[\"boom\"]")),
                fails("a missing result fails", "cloud-init", "cloud-init found its data source", it -> {
                    it.replace("run/cloud-init/result.json", "DataSourceNoCloud [seed=/dev/vdb][dsmode=net]", "");
                }),
                fails(
                        "no data source at all fails",
                        "cloud-init",
                        "cloud-init found its data source",
                        it -> it.replace(
                                "run/cloud-init/result.json",
                                "DataSourceNoCloud [seed=/dev/vdb][dsmode=net]",
                                "DataSourceNone")),
                passes(
                        "a degraded cloud-init does not fail",
                        "cloud-init",
                        it -> it.program(
                                "cloud-init", "printf 'status: done\\nextended_status: degraded done\\n'; exit 2")));
    }

    @Test
    void aDegradedCloudInitIsAWarning() throws Exception {
        sound.program("cloud-init", "printf 'status: done\\nextended_status: degraded done\\n'; exit 2");
        assertThat(warnings(sound.run("cloud-init"))).containsExactly("cloud-init has nothing to warn of");
    }

    @Test
    void aWarningInTheLogOfCloudInitIsAWarning() throws Exception {
        sound.append("var/log/cloud-init.log", "2026-11-22 - util.py[WARNING]: Running module locale failed\n");
        assertThat(warnings(sound.run("cloud-init"))).containsExactly("cloud-init has nothing to warn of");
    }

    private static List<String> warnings(Tap.Stream stream) {
        return stream.cases().stream()
                .filter(test -> test.has(Outcome.Warned.class))
                .map(TestCase::name)
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> access() {
        return Stream.of(
                fails(
                        "an unlocked root fails",
                        "access",
                        "root has no password",
                        it -> it.replace("etc/shadow", "root:*:", "root:$y$j9T$salt$hash:")),
                fails(
                        "a root with an empty password fails",
                        "access",
                        "root has no password",
                        it -> it.replace("etc/shadow", "root:*:", "root::")),
                fails(
                        "an account with a password fails",
                        "access",
                        "no account has a password",
                        it -> it.replace("etc/shadow", "debian:!:", "debian:$6$salt$hash:")),
                fails(
                        "an account with an empty password fails",
                        "access",
                        "no account has a password",
                        it -> it.replace("etc/shadow", "sync:!*:", "sync::")),
                fails(
                        "an image without sshd fails",
                        "access",
                        "the SSH server's configuration is valid",
                        it -> it.remove("sshd")),
                setting("passwordauthentication no", "yes", "the SSH server takes no password"),
                setting("kbdinteractiveauthentication no", "yes", "the SSH server asks nothing interactively"),
                setting("permitemptypasswords no", "yes", "the SSH server takes no empty password"),
                setting("permitrootlogin without-password", "yes", "root cannot log in with a password"),
                setting("pubkeyauthentication yes", "no", "the SSH server takes keys"),
                setting("hostbasedauthentication no", "yes", "the SSH server trusts no host"),
                setting("permituserenvironment no", "yes", "the SSH server takes no user's environment"),
                fails(
                        "a setting that sshd does not tell fails",
                        "access",
                        "the SSH server takes no password",
                        it -> it.replace("sshd-settings", "passwordauthentication no\n", "")),
                fails(
                        "a setting for one user only fails",
                        "access",
                        "the SSH server takes no password",
                        it -> it.program("sshd", """
                                case $* in
                                    *user=debian*) sed 's/^passwordauthentication no/passwordauthentication yes/' "$IFAAS_ROOT/sshd-settings" ;;
                                    *) cat "$IFAAS_ROOT/sshd-settings" ;;
                                esac""")),
                fails(
                        "a private host key that others can read fails",
                        "access",
                        "private host keys are private",
                        it -> it.mode("etc/ssh/ssh_host_rsa_key", "rw-r--r--")));
    }

    private DynamicTest setting(String sound, String wrong, String point) {
        var key = sound.substring(0, sound.indexOf(' '));
        return fails(
                key + " " + wrong + " fails",
                "access",
                point,
                it -> it.replace("sshd-settings", sound, key + " " + wrong));
    }

    @Test
    void aBrokenSshdConfigurationFails() throws Exception {
        sound.program("sshd", "echo '/etc/ssh/sshd_config line 3: Bad configuration option'; exit 255");
        assertThat(failed(sound.run("access"))).contains("the SSH server's configuration is valid");
    }

    @TestFactory
    Stream<DynamicTest> leftovers() {
        var mirror = "the build's mirror is named nowhere";
        return Stream.of(
                fails(
                        "a host key from the build fails",
                        "leftovers",
                        "SSH host keys were made at the first boot",
                        it -> it.age("etc/ssh/ssh_host_rsa_key")),
                fails("no host key at all fails", "leftovers", "SSH host keys were made at the first boot", it -> {
                    it.delete("etc/ssh/ssh_host_rsa_key");
                    it.delete("etc/ssh/ssh_host_ed25519_key");
                }),
                fails(
                        "host keys that cloud-init had to remove fail",
                        "leftovers",
                        "the image carried no SSH host keys",
                        it -> it.append(
                                "var/log/cloud-init.log",
                                "2026 - util.py[DEBUG]: Attempting to remove /etc/ssh/ssh_host_ecdsa_key\n")),
                passes("host keys that the image made before cloud-init do not fail", "leftovers", it -> {
                    it.file("lib/systemd/system/sshd-keygen.service", "");
                    it.append(
                            "var/log/cloud-init.log",
                            "2026 - util.py[DEBUG]: Attempting to remove /etc/ssh/ssh_host_ecdsa_key\n");
                }),
                fails(
                        "a machine id from the build fails",
                        "leftovers",
                        "the machine id was made at the first boot",
                        it -> it.age("etc/machine-id")),
                fails(
                        "a D-Bus machine id of its own fails",
                        "leftovers",
                        "D-Bus has the same machine id",
                        it -> it.file("var/lib/dbus/machine-id", "00000000000000000000000000000001\n")),
                fails(
                        "somebody's authorized key fails",
                        "leftovers",
                        "no authorized key but the seed's",
                        it -> it.append("home/debian/.ssh/authorized_keys", "ssh-ed25519 AAAAC3Nzother somebody\n")),
                fails(
                        "root's authorized key fails",
                        "leftovers",
                        "no authorized key but the seed's",
                        it -> it.file("root/.ssh/authorized_keys2", "ssh-rsa AAAAB3Nz root\n")),
                fails(
                        "a shell history fails",
                        "leftovers",
                        "no shell history",
                        it -> it.file("root/.bash_history", "apt-get update\n")),
                fails(
                        "a trusted source fails",
                        "leftovers",
                        "apt has no source that only a build has",
                        it -> it.append("etc/apt/sources.list", "deb [trusted=yes] http://x.example/ ./\n")),
                fails(
                        "a trusted deb822 source fails",
                        "leftovers",
                        "apt has no source that only a build has",
                        it -> it.file(
                                "etc/apt/sources.list.d/x.sources",
                                "Types: deb\nTrusted: yes\nURIs: http://x.example/\n")),
                fails(
                        "a source in a folder fails",
                        "leftovers",
                        "apt has no source that only a build has",
                        it -> it.append("etc/apt/sources.list", "deb file:/srv/repo ./\n")),
                fails(
                        "a source on the build host fails",
                        "leftovers",
                        "apt has no source that only a build has",
                        it -> it.append("etc/apt/sources.list", "deb http://10.0.2.2:3142/debian stable main\n")),
                fails(
                        "a proxy fails",
                        "leftovers",
                        "apt has no proxy",
                        it -> it.file(
                                "etc/apt/apt.conf.d/90proxy", "Acquire::http::Proxy \"http://cache.example:3128\";\n")),
                fails(
                        "package lists from the build fail",
                        "leftovers",
                        "no package lists of the build are left",
                        it -> {
                            it.file("var/lib/apt/lists/some.example_debian_dists_stable_InRelease", "");
                            it.age("var/lib/apt/lists/some.example_debian_dists_stable_InRelease");
                        }),
                fails("a mirror in the sources fails", "leftovers", mirror, it -> {
                    it.append("etc/apt/sources.list", "deb http://mirror.build.example/debian stable main\n");
                    it.age("etc/apt/sources.list");
                }),
                fails("a mirror with a port fails", "leftovers", mirror, it -> {
                    it.file("etc/profile.d/cache.sh", "export http_proxy=http://192.0.2.7:3142/\n");
                    it.age("etc/profile.d/cache.sh");
                }),
                fails("a mirror in a package's file that was changed fails", "leftovers", mirror, it -> {
                    it.append("etc/tool.conf", "more\n");
                    it.age("etc/tool.conf");
                }),
                fails("a mirror in a log fails", "leftovers", mirror, it -> {
                    it.file("var/log/apt/history.log", "Get:1 http://mirror.build.example/debian stable InRelease\n");
                    it.bootLater();
                }),
                passes(
                        "what cloud-init wrote at the first boot does not fail",
                        "leftovers",
                        it -> it.append(
                                "etc/apt/sources.list", "deb http://mirror.build.example/debian stable main\n")),
                passes("another host's name does not fail", "leftovers", it -> {
                    it.file("etc/profile.d/x.sh", "# http://mirrorXbuild.example/\n");
                    it.age("etc/profile.d/x.sh");
                }));
    }

    @Test
    void anEmptyMachineIdFails() throws Exception {
        sound.file("etc/machine-id", "");
        assertThat(failed(sound.run("leftovers"))).contains("the machine id was made at the first boot");
    }

    @Test
    void aListNamedAfterTheMirrorFails() throws Exception {
        sound.file("var/lib/apt/lists/mirror.build.example_debian_dists_stable_InRelease", "");
        sound.age("var/lib/apt/lists/mirror.build.example_debian_dists_stable_InRelease");
        assertThat(failed(sound.run("leftovers")))
                .containsExactly("no package lists of the build are left", "the build's mirror is named nowhere");
    }

    @TestFactory
    Stream<DynamicTest> disk() {
        return Stream.of(
                fails(
                        "a root file system that has not grown fails",
                        "disk",
                        "the root file system is larger than the image",
                        it -> it.parameters.put("IFAAS_IMAGE_VIRTUAL_BYTES", "9000000000000000000")),
                fails(
                        "a root file system that leaves disk unused fails",
                        "disk",
                        "the root file system fills the disk",
                        it -> it.parameters.put("IFAAS_DISK_BYTES", "90000000000000000")),
                fails(
                        "a root file system that can't be written fails",
                        "disk",
                        "the root file system can be written",
                        it -> it.program("mktemp", "echo 'mktemp: Read-only file system'; exit 1")));
    }

    @TestFactory
    Stream<DynamicTest> consoleTimeAndName() {
        return Stream.of(
                fails(
                        "a kernel that is silent on the serial console fails",
                        "console",
                        "the kernel writes to a serial console",
                        it -> it.file("sys/class/tty/console/active", "tty0\n")),
                fails(
                        "a serial console without a login fails",
                        "console",
                        "the serial console has a login",
                        it -> it.file("active-units", "")),
                passes("an Arm serial console passes", "console", it -> {
                    it.file("sys/class/tty/console/active", "ttyAMA0\n");
                    it.file("active-units", "serial-getty@ttyAMA0.service\n");
                }),
                fails(
                        "a clock that nobody keeps fails",
                        "time",
                        "time synchronisation is configured",
                        it -> it.file("active-units", "")),
                passes("chrony passes", "time", it -> it.file("active-units", "chrony\n")),
                fails(
                        "another host name fails",
                        "hostname",
                        "the host name is set as asked in /proc/sys/kernel/hostname",
                        it -> it.file("proc/sys/kernel/hostname", "localhost.localdomain\n")),
                fails(
                        "a host name that a reboot would lose fails",
                        "hostname",
                        "the host name is set as asked in /etc/hostname",
                        it -> it.file("etc/hostname", "debian\n")));
    }

    @Test
    void aHostNameThatDoesNotResolveIsAWarning() throws Exception {
        sound.program("getent", "exit 2");
        var stream = sound.run("hostname");
        assertThat(warnings(stream)).containsExactly("the host name resolves");
        assertThat(failed(stream)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> network() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            closed = socket.getLocalPort();
        }
        return Stream.of(
                fails(
                        "no default route fails",
                        "network",
                        "there is a default route",
                        it -> it.file("proc/net/route", "Iface\tDestination\tGateway\neth0\t0002000A\t00000000\n")),
                passes("a default route of IPv6 alone passes", "network", it -> {
                    it.file("proc/net/route", "Iface\tDestination\tGateway\n");
                    it.file("proc/net/ipv6_route", "0".repeat(32) + " 00 " + "0".repeat(32) + " 00 fe80 eth0\n");
                }),
                fails("a connection that is refused fails", "network", "a connection to the outside opens", it -> {
                    it.parameters.put("IFAAS_OUTBOUND_HOST", "127.0.0.1");
                    it.parameters.put("IFAAS_OUTBOUND_PORT", Integer.toString(closed));
                }));
    }

    @Test
    void aNameThatDoesNotResolveFails() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            sound.parameters.put("IFAAS_OUTBOUND_HOST", "localhost");
            sound.parameters.put("IFAAS_OUTBOUND_PORT", Integer.toString(server.getLocalPort()));
            assertThat(sound.run("network").cases()).allMatch(test -> test.has(Outcome.Passed.class));
            sound.program("getent", "exit 2");
            assertThat(failed(sound.run("network"))).containsExactly("names resolve");
        }
    }

    @Test
    void withoutAnAddressThatMayBeContactedNothingIsContacted() throws Exception {
        sound.program("getent", "exit 2");
        sound.program("bash", "exit 1");
        assertThat(sound.run("network").cases())
                .filteredOn(test -> test.has(Outcome.Skipped.class))
                .extracting(TestCase::name)
                .containsExactly("names resolve", "a connection to the outside opens");
    }

    @TestFactory
    Stream<DynamicTest> packages() {
        var whole = "files are as their packages brought them";
        var updates = "no update is pending against the mirror's state at the build";
        return Stream.of(
                fails(
                        "an older kernel than the newest fails",
                        "packages",
                        "the newest kernel runs",
                        it -> it.file("proc/sys/kernel/osrelease", "6.1.0-9-cloud-amd64\n")),
                fails(
                        "a package that is removed with its files left fails",
                        "packages",
                        "every package is installed whole",
                        it -> it.replace("var/lib/dpkg/status", "install ok installed", "deinstall ok installed")),
                fails("a changed file fails", "packages", whole, it -> it.file("usr/bin/tool", "other\n")),
                fails("a missing file fails", "packages", whole, it -> it.delete("usr/bin/tool")),
                passes("a missing file that the image leaves out does not fail", "packages", it -> {
                    it.append("var/lib/dpkg/info/tool.md5sums", FakeInstance.md5("x") + "  opt/tool/extra\n");
                    it.append("var/lib/dpkg/info/tool.list", "/opt/tool/extra\n");
                    it.append("etc/dpkg/dpkg.cfg.d/slim", "path-exclude=/opt/*\n");
                }),
                passes("a changed conffile does not fail", "packages", it -> it.file("etc/tool.conf", "mine\n")),
                fails("a pending update fails", "packages", updates, it -> it.offered("tool\t2.0-1+deb12u1\n")),
                passes(
                        "a version that is newer than the mirror's passes",
                        "packages",
                        it -> it.offered("tool\t1.9~rc1\n")),
                passes(
                        "an update of something that is not installed passes",
                        "packages",
                        it -> it.offered("tool\t2.0-1\nother\t9\n")));
    }

    @Test
    void aPackageThatIsHalfConfiguredFails() throws Exception {
        sound.replace("var/lib/dpkg/status", "install ok installed", "install ok half-configured");
        assertThat(failed(sound.run("packages")))
                .contains("the package database is sound", "every package is installed whole");
    }

    @Test
    void withoutTheMirrorsStateUpdatesAreSkipped() throws Exception {
        sound.offered("\n");
        assertThat(sound.run("packages").cases())
                .filteredOn(test -> test.has(Outcome.Skipped.class))
                .extracting(TestCase::name)
                .containsExactly("no update is pending against the mirror's state at the build");
    }

    @TestFactory
    Stream<DynamicTest> twoInstances() {
        return Stream.of(
                fails(
                        "a machine id in common fails",
                        "two-instances",
                        "two instances have different machine ids",
                        it -> it.parameters.put("IFAAS_OTHER_MACHINE_ID", FakeInstance.MACHINE_ID)),
                fails(
                        "one host key in common fails",
                        "two-instances",
                        "two instances have different host keys",
                        it -> it.parameters.put("IFAAS_OTHER_HOST_KEYS", "AAAAother AAAArsa")),
                fails(
                        "no host keys to compare with fails",
                        "two-instances",
                        "two instances have different host keys",
                        it -> it.parameters.put("IFAAS_OTHER_HOST_KEYS", "")));
    }

    @TestFactory
    Stream<DynamicTest> rebooting() {
        return Stream.of(
                fails(
                        "an instance that has not rebooted fails",
                        "reboot",
                        "the instance has rebooted",
                        it -> it.parameters.put("IFAAS_BEFORE_BOOT_ID", "b00t-1")),
                fails(
                        "a unit that fails in the second boot fails",
                        "reboot",
                        "no unit has failed",
                        it -> it.file("failed-units", "broken.service loaded failed failed Broken\n")),
                fails(
                        "a new machine id fails",
                        "reboot",
                        "the machine id is the same after a reboot",
                        it -> it.file("etc/machine-id", "0123456789abcdef0123456789abcdef\n")),
                fails(
                        "a new host key fails",
                        "reboot",
                        "the host keys are the same after a reboot",
                        it -> it.file("etc/ssh/ssh_host_rsa_key.pub", "ssh-rsa AAAAnew x\n")),
                fails(
                        "a lost host name fails",
                        "reboot",
                        "the host name is the same after a reboot",
                        it -> it.file("proc/sys/kernel/hostname", "debian\n")));
    }

    @Test
    void theIdentityOfAnInstanceIsToldAsTheOtherScriptsCompareIt() throws Exception {
        var process = new ProcessBuilder("/bin/sh", "-s").redirectErrorStream(true);
        process.environment().put("IFAAS_ROOT", sound.root.toString());
        var started = process.start();
        try (var in = started.getOutputStream()) {
            in.write(Script.resource("identity.sh").getBytes(StandardCharsets.UTF_8));
        }
        var text = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Identity.parse(text))
                .isEqualTo(new Identity(FakeInstance.MACHINE_ID, "b00t-1", List.of("AAAAed25519", "AAAArsa")));
    }

    @Test
    void allScriptsPassShellcheck() throws Exception {
        var scripts = Files.createDirectory(folder.resolve("shellcheck"));
        var command = new ArrayList<>(List.of("shellcheck", "-x"));
        for (var name : SuiteScripts.all()) {
            Files.writeString(scripts.resolve(name), Script.resource(name));
            command.add(name);
        }
        var process = new ProcessBuilder(command)
                .directory(scripts.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
