package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.api.HostView;
import org.ifaas.api.ImageView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.StatusView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people and definitions may throw at a factory before a host exists: each is refused by name, with a mend, nothing of
 * it is executed, and the factory goes on.
 */
@Order(7)
class HostileInputTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TestHome HOME = TestHome.make("hostile-input");
    private static final Path CANARY = HOME.path().resolve("canary");
    private static final String TOUCH = "touch " + CANARY;

    private static RunningFactory factory;
    private static String refusedBuild;

    @BeforeAll
    static void start() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions"));
        definitions.script("sound", 8, "#!/bin/sh\nexit 1\n");
        hostileDefinitions(definitions);
        definitions.commit();
        var configuration = definitions.configuration("reaper: {every: 1s}\n");
        factory = RunningFactory.in(HOME.path(), "--config", configuration.toString());
        refusedBuild = factory.awaitEnd(factory.build("{\"image\":\"sound\",\"ref\":\"no-such-branch\"}")
                        .id())
                .id();
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        assertThat(Files.readAllLines(HOME.path().resolve("server.log")))
                .noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR ") || line.contains("Exception"));
        assertThat(RegionFolder.of(HOME.path(), "region-a").names()).isEmpty();
        HOME.assertNothingIsLeftAndRemove();
    }

    @AfterEach
    void nothingWasExecutedAndTheFactoryGoesOn() throws Exception {
        assertThat(CANARY).doesNotExist();
        assertThat(factory.get("/status", StatusView.class).queued()).isZero();
        assertThat(factory.get("/hosts", HostView[].class)).isEmpty();
        assertThat(factory.get("/releases", ReleaseView[].class)).isEmpty();
    }

    // ---- parameters of a build
    // -----------------------------------------------------------------------------------------

    static Stream<Arguments> parameters() {
        return Stream.of(
                arguments("ref", text("--upload-pack=" + TOUCH)),
                arguments("ref", text("main; " + TOUCH)),
                arguments("ref", text("$(" + TOUCH + ")")),
                arguments("ref", text("main\n" + TOUCH)),
                arguments("ref", text("main\n")),
                arguments("ref", text("../../definitions")),
                arguments("ref", text("main:sound/build")),
                arguments("ref", text("main^{commit}")),
                arguments("ref", text("a".repeat(5_000))),
                arguments("ref", text("a".repeat(60_000))),
                arguments("ref", "7"),
                arguments("ref", "{\"a\":[[[]]]}"),
                arguments("image", text("../definitions/sound")),
                arguments("image", text("/etc/passwd")),
                arguments("image", text("sound/../../etc")),
                arguments("image", text("test:../sound")),
                arguments("image", text("sound\n")),
                arguments("image", text("`" + TOUCH + "`")),
                arguments("image", text("\0")),
                arguments("image", text("\u001b[2J")),
                arguments("image", "\"\\ud800\""),
                arguments("image", "null"),
                arguments("image", "[\"sound\"]"),
                arguments("regions[0]", "[\"../../etc\"]"),
                arguments("regions[0]", "[\"region-a\\n\"]"),
                arguments("regions", text("region-a")),
                arguments("host", text("container;" + TOUCH)),
                arguments("host", text("HostKind.QEMU")),
                arguments("keepHost", text("4h; " + TOUCH)),
                arguments("keepHost", text("PT999999H")),
                arguments("keepHost", text("-4h")),
                arguments("keepHost", "1e400"),
                arguments("runTests", text("false")),
                arguments("force", "1"),
                arguments("requestPublication", "[]"),
                arguments("copyTo[0]", "[\"a@example.org\\r\\nBcc: b@example.org\"]"),
                arguments("copyTo[0]", "[{}]"),
                arguments("serialSuffix", text("../../x")),
                arguments("serialSuffix", text("rc1\n")),
                arguments("serialSuffix", text("rc 1; " + TOUCH)),
                arguments("imgae", text("sound")),
                arguments("__proto__", "{}"),
                arguments("a".repeat(1_000), "1"));
    }

    private static int builds() throws IOException, InterruptedException {
        return factory.get("/builds?limit=1000", BuildView[].class).length;
    }

    private static String text(String value) {
        return JSON.writeValueAsString(value);
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void aParameterIsRefusedByName(String field, String value) throws Exception {
        var name = field.replaceFirst("\\[.*", "");
        var image = name.equals("image") ? "" : "\"image\":\"sound\",";
        var before = builds();
        var answer = factory.exchange("POST", "/builds", "{" + image + text(name) + ":" + value + "}");
        var error = refused(answer, 400);
        assertThat(field).startsWith(String.valueOf(error.field()).replace("…", ""));
        assertThat(builds()).isEqualTo(before);
    }

    static Stream<String> bodies() {
        return Stream.of(
                "",
                "null",
                "[]",
                "7",
                "\"sound\"",
                "{\"image\":\"sound\"",
                "{\"image\":\"sound\"}}",
                "{\"image\":\"sound\"} {\"image\":\"sound\"}",
                "{\"image\":\"sound\",\"image\":\"bomb\"}",
                "{'image':'sound'}",
                "<build image='sound'/>",
                "image=sound",
                "\0\0\0",
                "[".repeat(100_000),
                "{\"a\":".repeat(10_000),
                "{\"image\":\"sound\",\"x\":" + "9".repeat(10_000) + "}",
                "{\"image\":\"sound\",\"x\":\"" + "x".repeat(100_000) + "\"}");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatIsNotTheJsonExpectedIsRefused(String body) throws Exception {
        var before = builds();
        refused(factory.exchange("POST", "/builds", body), 400);
        assertThat(builds()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "[]", "7", "{", "{\"from\":{}}", "{\"form\":\"build-image\"}", "{\"from\":\"../x\"}"})
    void aRetryThatIsNotUnderstoodIsRefused(String body) throws Exception {
        var answer = factory.exchange("POST", "/builds/" + refusedBuild + "/retry", body);
        refused(answer, answer.statusCode() == 404 ? 404 : 400);
        assertThat(factory.show(refusedBuild).attempt()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/builds", "/builds/x/retry", "/requests/x/reject", "/builds/x/cancel", "/nothing"})
    void aHugeBodyIsRefused(String path) throws Exception {
        assertThat(raw("POST /api/v1" + path + " HTTP/1.1", "Content-Length: 9999999", "x".repeat(1000)))
                .startsWith("HTTP/1.1 413 ")
                .contains("\"field\":\"body\"", "\"mend\":\"");
    }

    @Test
    void aHugeBodyWithoutALengthIsRefused() throws Exception {
        var chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";
        var answer = raw("POST /api/v1/builds HTTP/1.1", "Transfer-Encoding: chunked", chunk.repeat(8) + "0\r\n\r\n");
        assertThat(answer).matches("(?s)(HTTP/1.1 413 .*)?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked"})
    void aBodyWithoutSenseIsRefused(String header) throws Exception {
        assertThat(raw("POST /api/v1/builds HTTP/1.1", header, "zz\r\nzz\r\n")).startsWith("HTTP/1.1 400 ");
    }

    // ---- addresses
    // -----------------------------------------------------------------------------------------------------

    static Stream<Arguments> addresses() {
        return Stream.of(
                arguments("GET", "/builds/..%2f..%2fetc%2fpasswd", 404),
                arguments("GET", "/builds/%2e%2e", 404),
                arguments("GET", "/builds/%00", 404),
                arguments("GET", "/builds/" + "a".repeat(4_000), 404),
                arguments("GET", "/builds/%27%20or%20%27%27=%27", 404),
                arguments("GET", "/builds/*", 404),
                arguments("GET", "/builds/BUILD/logs/..%2f..%2f..%2ffactory-id", 404),
                arguments("GET", "/builds/BUILD/logs/99", 404),
                arguments("GET", "/builds/BUILD/logs/initialize?attempt=0", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?attempt=2", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?attempt=../1", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?offset=-1", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?offset=1e9", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?offset=99999999999999999999", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?wait=86400", 400),
                arguments("GET", "/builds/BUILD/logs/initialize?wait=%00", 400),
                arguments("GET", "/builds/BUILD/difference/..%2fx", 404),
                arguments("GET", "/builds?limit=0", 400),
                arguments("GET", "/builds?limit=9999999999", 400),
                arguments("GET", "/requests?state=%27;drop%20table%20build;--", 400),
                arguments("POST", "/requests/..%2f..%2fx/approve", 404),
                arguments("POST", "/releases/..%2f..%2f..%2fetc/passwd/verify", 404),
                arguments("POST", "/releases/sound/..%2f..%2fx/verify", 404),
                arguments("DELETE", "/hosts/..%2f..%2f..", 404),
                arguments("DELETE", "/hosts/%24(id)", 404),
                arguments("GET", "/nothing", 404),
                arguments("PUT", "/builds", 405),
                arguments("DELETE", "/builds/BUILD", 405),
                arguments("TRACE", "/status", 405));
    }

    /** What leads out of the interface is the console's to answer, with a page. */
    @Test
    void anAddressThatLeadsOutOfTheInterfaceIsNotThereEither() throws Exception {
        var answer = factory.exchange("GET", "/../../etc/passwd", "");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).startsWith("<!doctype html>").doesNotContain("root:", "Exception", "\tat ");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void anAddressThatLeadsNowhereIsRefused(String method, String path, int status) throws Exception {
        refused(factory.exchange(method, path.replace("BUILD", refusedBuild), ""), status);
    }

    @Test
    void anOffsetBehindTheEndOfALogIsItsEnd() throws Exception {
        var answer = factory.send("GET", "/builds/" + refusedBuild + "/logs/initialize?offset=2147483647", "");
        assertThat(answer).contains("\"text\":\"\"", "\"open\":false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/builds/%zz HTTP/1.1",
                "GET /api/v1/builds/\u0001 HTTP/1.1",
                "GET  /api/v1/builds HTTP/1.1",
                "GET /api/v1/builds HTTP/9.9",
                "GET /api/v1/builds?limit=%zz HTTP/1.1",
                "$(id) / HTTP/1.1",
                "hello"
            })
    void whatIsNoHttpIsRefused(String requestLine) throws Exception {
        var answer = raw(requestLine, "X: y", "");
        assertThat(answer).startsWith("HTTP/1.1 4").contains("\"mend\":").doesNotContain("\tat ", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/builds", "/backup", "/nothing"})
    void withoutItsTokenNothingIsSaid(String path) throws Exception {
        for (var token : List.of("", "Bearer", "Bearer x", "Basic YWRtaW46YWRtaW4=")) {
            var request = HttpRequest.newBuilder(URI.create(announced("url") + "/api/v1" + path));
            if (!token.isEmpty()) {
                request.header("Authorization", token);
            }
            var answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(refused(answer, 401).field()).isEqualTo("Authorization");
        }
    }

    // ---- definitions
    // ---------------------------------------------------------------------------------------------------

    private static void hostileDefinitions(Definitions definitions) throws IOException {
        var aliases = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            aliases.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
        }
        definitions
                .file("bomb/image.yaml", aliases.toString())
                .file("itself/image.yaml", "name: itself\ntitle: &a [*a]\n")
                .file("deep/image.yaml", Definitions.yaml("deep", "options: " + "[".repeat(50_000)))
                .file("huge/image.yaml", Definitions.yaml("huge", "# " + "x".repeat(20 << 20)))
                .file("long-value/image.yaml", Definitions.yaml("long-value", "team: ['" + "x".repeat(9_000) + "']\n"))
                .file("not-utf8/image.yaml", new byte[] {'n', 'a', 'm', 'e', ':', ' ', (byte) 0xc3, 0x28, '\n'})
                .file("nul/image.yaml", "name: nul\ntitle: a\0b\n")
                .file("empty/image.yaml", "")
                .file("binary/image.yaml", new byte[4096])
                .file(
                        "tagged/image.yaml",
                        Definitions.yaml("tagged", "team: !!javax.script.ScriptEngineManager [!!java.net.URL ['x']]\n"))
                .file("other-name/image.yaml", Definitions.yaml("../../etc", ""))
                .file("line-break/image.yaml", Definitions.yaml("line-break", "publish_as: \"a\\nb\"\n"))
                .file(
                        "json-name/image.yaml",
                        Definitions.yaml("json-name", "publish_as: 'json:{\"driver\":\"file\"}'\n"))
                .file("shell/image.yaml", Definitions.yaml("shell", "options: {'A;" + TOUCH + ";B': x}\n"))
                .file("no-number/image.yaml", Definitions.yaml("no-number", "sizes: {disk_mib: 1e9999}\n"))
                .file(
                        "half-a-character/image.yaml",
                        Definitions.yaml("half-a-character", "properties: {a: \"\\ud800\"}\n"))
                .file(
                        "long-number/image.yaml",
                        Definitions.yaml("long-number", "sizes: {disk_mib: " + "9".repeat(8_000) + "}\n"))
                .file("petabyte/image.yaml", Definitions.yaml("petabyte", "sizes: {disk_mib: 1125899906842624}\n"))
                .file("region/image.yaml", Definitions.yaml("region", "regions: [../../../etc]\n"));
        for (var image :
                List.of("json-name", "line-break", "shell", "no-number", "long-number", "petabyte", "region")) {
            definitions.program(image + "/build", "#!/bin/sh\n");
        }
        for (var outside : List.of("../sound/build", "/etc/passwd", "build/../../x", "-x/../..", "~/.ssh/id_rsa")) {
            var image = "outside-" + outside.replaceAll("[^a-z]+", "-").replaceAll("^-|-$", "");
            definitions.file(
                    image + "/image.yaml",
                    Definitions.yaml(image, "").replace("description: build", "description: '" + outside + "'"));
            definitions
                    .file(
                            image + "-test/image.yaml",
                            Definitions.yaml(image + "-test", "tests: {own: ['" + outside + "']}\n"))
                    .program(image + "-test/build", "#!/bin/sh\n");
        }
        definitions
                .file("link/image.yaml", Definitions.yaml("link", ""))
                .link("link/build", "/etc/passwd")
                .file("link-above/image.yaml", Definitions.yaml("link-above", ""))
                .link("link-above/build", "../../../../etc/passwd")
                .file("link-loop/image.yaml", Definitions.yaml("link-loop", ""))
                .link("link-loop/build", "build")
                .file("link-folder/image.yaml", Definitions.yaml("link-folder", "tests: {own: [tests/passwd]}\n"))
                .program("link-folder/build", "#!/bin/sh\n")
                .link("link-folder/tests", "/etc")
                .file("link-test/image.yaml", Definitions.yaml("link-test", "tests: {own: [shadow]}\n"))
                .program("link-test/build", "#!/bin/sh\n")
                .link("link-test/shadow", "/etc/shadow")
                .file("link-inside/image.yaml", Definitions.yaml("link-inside", "tests: {own: [shadow]}\n"))
                .link("link-inside/build", "../sound/build")
                .link("link-inside/shadow", "build")
                .link("link-yaml/image.yaml", "/etc/passwd")
                .link("link-image", "sound")
                .file("\u001b[2J\n$(id)/image.yaml", Definitions.yaml("x", ""));
    }

    static Stream<Arguments> definitions() {
        return Stream.of(
                arguments("bomb", "aliases"),
                arguments("itself", "alias"),
                arguments("deep", "nested"),
                arguments("huge", "256 KiB"),
                arguments("long-value", "characters"),
                arguments("not-utf8", "UTF-8"),
                arguments("nul", "image.yaml:2: "),
                arguments("empty", "empty"),
                arguments("binary", "control character"),
                arguments("tagged", "image.yaml:7: "),
                arguments("other-name", "name"),
                arguments("line-break", "publish_as"),
                arguments("json-name", "publish_as"),
                arguments("shell", "options"),
                arguments("no-number", "sizes.disk_mib"),
                arguments("half-a-character", "image.yaml:7: "),
                arguments("long-number", "sizes.disk_mib"),
                arguments("petabyte", "sizes.disk_mib"),
                arguments("region", "regions[0]"),
                arguments("outside-sound-build", "description"),
                arguments("outside-sound-build-test", "tests.own[0]"),
                arguments("outside-etc-passwd", "description"),
                arguments("outside-etc-passwd-test", "tests.own[0]"),
                arguments("outside-build-x", "description"),
                arguments("outside-build-x-test", "tests.own[0]"),
                arguments("outside-x", "description"),
                arguments("outside-x-test", "tests.own[0]"),
                arguments("outside-ssh-id-rsa", "description"),
                arguments("outside-ssh-id-rsa-test", "tests.own[0]"),
                arguments("link", "description"),
                arguments("link-above", "description"),
                arguments("link-loop", "description"),
                arguments("link-folder", "tests.own[0]"),
                arguments("link-test", "tests.own[0]"),
                arguments("link-yaml", "is no regular file"),
                arguments("link-image", "is no image definition"),
                arguments("absent", "is no image definition"));
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void aDefinitionIsRefusedWithWhatIsWrongWithIt(String image, String says) throws Exception {
        var problem = refused(factory.exchange("POST", "/builds", "{\"image\":\"" + image + "\"}"), 400);
        assertThat(problem.field()).isEqualTo("image");
        assertThat(problem.detail())
                .contains(says)
                .doesNotContain("Exception", "\tat ", "root:")
                .hasSizeLessThan(2_000);
        assertThat(problem.mend()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-branch",
                "deadbeef",
                "0000000000000000000000000000000000000000",
                "refs/heads/x",
                "HEAD@1"
            })
    void aRefThatNamesNothingFailsInStage1(String ref) throws Exception {
        var build = factory.awaitEnd(
                factory.build("{\"image\":\"sound\",\"ref\":\"" + ref + "\"}").id());
        var stage = RunningFactory.stage(build, "initialize");
        assertThat(stage.blame()).as(stage.message()).isEqualTo("REQUEST");
        assertThat(stage.message()).contains("ref", ref);
        assertThat(stage.mend()).isNotBlank();
    }

    @Test
    void aRegionThatIsNotConfiguredIsRefused() throws Exception {
        var problem = refused(factory.exchange("POST", "/builds", "{\"image\":\"sound\",\"regions\":[\"etc\"]}"), 400);
        assertThat(problem.field()).isEqualTo("regions");
        assertThat(problem.value()).isEqualTo("etc");
        assertThat(problem.mend()).contains("region-a");
    }

    @Test
    void allOfThemAreListedWithWhatIsWrongWithThem() throws Exception {
        var images = factory.get("/images", ImageView[].class);
        assertThat(images).hasSizeGreaterThan(30);
        var sound = List.of("sound", "link-inside");
        assertThat(images)
                .filteredOn(image -> sound.contains(image.name()))
                .hasSize(2)
                .allSatisfy(image -> assertThat(image.error()).isNull());
        assertThat(images)
                .filteredOn(image -> !sound.contains(image.name()))
                .allSatisfy(image ->
                        assertThat(image.error()).as(image.name()).isNotBlank().doesNotContain("Exception", "\tat "));
        assertThat(Arrays.stream(images).map(ImageView::name))
                .noneMatch(name -> name.chars().anyMatch(Character::isISOControl));
    }

    // ---- what all of them have in common
    // -------------------------------------------------------------------------------

    private static ErrorView refused(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).hasSizeLessThan(4_000).doesNotContain("Exception", "\\tat ", "java.", "jackson");
        var error = JSON.readValue(answer.body(), ErrorView.class);
        assertThat(error.detail()).isNotBlank();
        assertThat(error.mend()).isNotBlank();
        assertThat(error.field()).isNotBlank();
        assertThat(error.detail() + error.field() + error.value() + error.mend())
                .matches(text -> text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), "is plain text");
        return error;
    }

    private static URI address() throws IOException {
        return URI.create(announced("url"));
    }

    private static String announced(String name) throws IOException {
        return JSON.readTree(Files.readString(HOME.path().resolve("run/factory.json")))
                .get(name)
                .asString();
    }

    /** What the factory answers to bytes that no client would send. */
    private static String raw(String requestLine, String header, String body) throws IOException {
        var address = address();
        var head = requestLine + "\r\nHost: localhost\r\nAuthorization: Bearer " + announced("token") + "\r\n" + header
                + "\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (SocketException cut) {
                return "";
            }
        }
    }
}
