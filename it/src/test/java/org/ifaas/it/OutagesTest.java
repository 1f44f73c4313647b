package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.server.login.Slapd;
import org.ifaas.store.DebianServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.json.JsonMapper;

/** What a factory leans on goes away while builds run, and comes back: the database, the directory of people, the mail server. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutagesTest {
    private static final TestHome HOME = TestHome.make("outages");

    /** Also when not all could be started. */
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static DebianServer postgres;
    private static Slapd slapd;
    private static Exim exim;
    private static RunningFactory factory;

    @BeforeAll
    static void start() throws Exception {
        postgres = open(new DebianServer());
        slapd = open(new Slapd(Files.createDirectory(HOME.path().resolve("directory"))));
        exim = open(new Exim(HOME.path().resolve("exim")));
        var definitions = Definitions.in(HOME.path().resolve("definitions"))
                .script("slow", 8, "#!/bin/sh\nset -eu\n" + Definitions.AWAIT_LET_GO + """
                        i=0
                        while [ ! -e "$let_go" ]; do
                            i=$((i + 1))
                            echo "line $i"
                            sleep 0.5
                        done
                        echo "that were $i lines"
                        head -c 8388608 /dev/urandom >"$IFAAS_WORK/raw"
                        qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
                        : >"$IFAAS_PACKAGES"
                        """)
                .file("lost/image.yaml", Definitions.yaml("lost", "regions: [nowhere]\n"))
                .program("lost/build", "#!/bin/sh\nexit 1\n");
        definitions.commit();
        var configuration = definitions.configuration("""
                reaper: {every: 1s}
                notify: {every: 1s, retry: 1s, slowest_retry: 2s}
                mail:
                  from: factory@example.org
                  smtp: {host: localhost, port: %d, user: %s, password_file: '%s', ca_file: '%s'}
                ldap:
                  servers: ['%s']
                  ca_file: '%s'
                  bind_dn: cn=factory,dc=example,dc=org
                  bind_password_file: '%s'
                  people: {base: 'ou=people,dc=example,dc=org'}
                  groups: {base: 'ou=groups,dc=example,dc=org'}
                  roles: {viewer: [Image Team]}
                """.formatted(
                        exim.port(),
                        Exim.USER,
                        secret("mail", Exim.PASSWORD),
                        exim.certificate(),
                        slapd.plain(),
                        slapd.certificatePem(),
                        secret("ldap", "factory's own")));
        var database = postgres.emptyDatabase();
        factory = open(RunningFactory.in(
                HOME.path(),
                "--config",
                configuration.toString(),
                "--database",
                database.url() + "&user=" + database.user() + "&password="
                        + String.valueOf(database.password()).replace(" ", "%20")));
    }

    private static <T extends AutoCloseable> T open(T part) {
        OPEN.push(part);
        return part;
    }

    private static String secret(String name, String text) throws IOException {
        return Files.writeString(HOME.path().resolve(name + "-secret"), text + "\n")
                .toString();
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
        HOME.assertNothingIsLeftAndRemove();
    }

    private static BuildView slow() throws IOException, InterruptedException {
        return factory.build("{\"image\":\"slow\",\"host\":\"container\",\"runTests\":false,\"force\":true}");
    }

    private static String said() {
        try {
            return Files.readString(HOME.path().resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitLine(String build, int number) throws IOException, InterruptedException {
        factory.awaitBuild(
                build,
                seen -> RunningFactory.stage(seen, "build-image").state().equals("RUNNING")
                        && factory.log(build, "build-image").contains("line " + number + "\n"));
    }

    /** As if nothing had happened: in its first attempt, its program started once, no line of it lost. */
    private static void endedAsIfNothingHadHappened(String id) throws IOException, InterruptedException {
        var build = factory.awaitEnd(id);
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
        assertThat(build.attempt()).isOne();
        var lines = factory.log(id, "build-image").lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("started at ")))
                .hasSize(1);
        assertThat(lines.stream().filter(line -> line.startsWith("line ")))
                .isEqualTo(IntStream.rangeClosed(1, said(lines))
                        .mapToObj(i -> "line " + i)
                        .toList());
    }

    /** How many lines it said by its own count. */
    private static int said(List<String> lines) {
        var count = lines.stream()
                .filter(line -> line.startsWith("that were "))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(count.replaceAll("\\D", ""));
    }

    @Test
    @Order(1)
    void aDatabaseThatIsStartedAgainInAnyStageIsNotNoticed() throws Exception {
        var id = slow().id();
        for (var stage : List.of(
                "spawn-build-host", "configure-build-host", "build-image", "register-private-image", "clean-up")) {
            factory.awaitBuild(
                    id, build -> !RunningFactory.stage(build, stage).state().equals("WAITING"));
            postgres.stop();
            postgres.startAgain();
            if (stage.equals("build-image")) {
                Definitions.letGo(id);
            }
        }
        endedAsIfNothingHadHappened(id);
        assertThat(said()).doesNotContain("let go, the database");
    }

    @Test
    @Order(2)
    void aDatabaseThatStaysAwayIsWaitedFor() throws Exception {
        var id = slow().id();
        awaitLine(id, 3);
        postgres.stop();
        var answer = factory.exchange("GET", "/builds/" + id, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        var error = JsonMapper.shared().readValue(answer.body(), ErrorView.class);
        assertThat(error.field()).isEqualTo("database");
        assertThat(error.mend()).isNotBlank();
        assertThat(page("/").statusCode()).isEqualTo(503);
        RunningFactory.await("the build is let go", () -> said().contains("build " + id + ": let go, the database"));
        postgres.startAgain();
        Definitions.letGo(id);
        endedAsIfNothingHadHappened(id);
        assertThat(factory.get("/audit/verify", AuditVerdict.class).whole()).isTrue();
        assertThat(said()).doesNotContain("the factory failed");
    }

    @Test
    @Order(3)
    void aDirectoryThatIsAwayKeepsNobodyFromBuilding() throws Exception {
        assertThat(signIn("anna", "anna's").statusCode()).isEqualTo(303);
        slapd.close();
        var id = factory.build("{\"image\":\"lost\"}").id();
        var answer = signIn("anna", "anna's");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("The directory of people does not answer");
        assertThat(factory.awaitEnd(id).state()).isEqualTo("FAILED");
        slapd.start();
        assertThat(signIn("anna", "anna's").statusCode()).isEqualTo(303);
    }

    @Test
    @Order(4)
    void whatAMailServerThatIsAwayDidNotTakeArrivesOnceWhenItIsBack() throws Exception {
        RunningFactory.await("a first mail", () -> exim.mails().size() == 1);
        exim.close();
        var id = factory.awaitEnd(factory.build("{\"image\":\"lost\"}").id()).id();
        RunningFactory.await(
                "it was tried",
                () -> said().lines()
                        .anyMatch(line ->
                                line.contains(id) && line.contains("by mail") && line.contains("tried again in")));
        factory.kill();
        factory.startAgain();
        exim.start();
        RunningFactory.await("the second mail", () -> exim.mails().size() >= 2);
        var another =
                factory.awaitEnd(factory.build("{\"image\":\"lost\"}").id()).id();
        RunningFactory.await("the third mail", () -> exim.mails().stream().anyMatch(mail -> mail.contains(another)));

        var mails = exim.mails();
        assertThat(mails.stream().map(mail -> header(mail, "Message-I[dD]")))
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(mails).filteredOn(mail -> mail.contains(id)).singleElement().satisfies(mail -> {
            assertThat(header(mail, "From")).contains("factory@example.org");
            assertThat(header(mail, "To")).isEqualTo("images@example.org");
            assertThat(header(mail, "Subject")).isEqualTo("[ifaas] lost failed in Initialize");
            assertThat(header(mail, "Envelope-to|Received")).isNotBlank();
            assertThat(mail).contains("with esmtpsa", "Auto-Submitted: auto-generated", "nowhere");
        });
    }

    private static String header(String mail, String name) {
        var matcher = Pattern.compile("(?m)^(?:" + name + "): *(.*)$").matcher(mail.substring(0, mail.indexOf("\n\n")));
        return matcher.find() ? matcher.group(1) : "";
    }

    private static HttpResponse<String> page(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(factory.url() + path)).header("Cookie", "ifaas=unknown"));
    }

    private static HttpResponse<String> signIn(String name, String password) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(factory.url() + "/sign-in"))
                .header("Origin", factory.url())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "name=" + name + "&password=" + password.replace("'", "%27"))));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
