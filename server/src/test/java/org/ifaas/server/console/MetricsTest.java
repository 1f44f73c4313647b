package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.Person;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Prometheus scrapes, and the table of it. */
@ExtendWith(TestServer.Running.class)
class MetricsTest {
    private static final Path TABLE = Path.of("../docs/operate/metrics.md");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final ConsoleServer server = new ConsoleServer(new SettableClock(NOW));
    private final Browser program = server.browser();

    @BeforeEach
    void build() throws Exception {
        server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
        server.sample.failed("debian-12", NOW.minusSeconds(1800), StageName.BUILD_IMAGE, Blame.IMAGE, "no package");
    }

    @AfterEach
    void stop() {
        program.close();
        server.close();
    }

    private HttpResponse<String> scrape(String token) throws Exception {
        return program.send(program.request("/api/v1/metrics")
                .header("Authorization", "Bearer " + token)
                .GET()
                .build());
    }

    private String token(String name, Role role, ImagePatterns images) {
        var wanted = new Tokens.Wanted(name, Set.of(role), images, null, Duration.ofDays(1));
        return server.tokens.create(wanted, new Person("bea")).orElseThrow().secret();
    }

    /** Type and labels by name. */
    private static TreeMap<String, String> described() throws Exception {
        var found = new TreeMap<String, String>();
        for (var line : Files.readAllLines(TABLE)) {
            if (line.startsWith("| `")) {
                var cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
                var labels = new TreeSet<String>();
                Pattern.compile("`(\\w+)`")
                        .matcher(cells.get(3))
                        .results()
                        .forEach(label -> labels.add(label.group(1)));
                found.put(cells.get(1).replace("`", ""), cells.get(2) + " " + labels);
            }
        }
        return found;
    }

    private static TreeMap<String, String> told(String text) {
        var types = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$")
                .matcher(text)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        var found = new TreeMap<String, String>();
        for (var line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            var name = line.replaceFirst("[{ ].*", "");
            var labels = new TreeSet<String>();
            Pattern.compile("(\\w+)=\"").matcher(line).results().forEach(label -> labels.add(label.group(1)));
            assertThat(found.put(name, types.get(name) + " " + labels)).isIn(null, types.get(name) + " " + labels);
        }
        assertThat(found.keySet()).isEqualTo(types.keySet());
        return found;
    }

    @Test
    void each_is_in_the_table_with_its_type_and_labels_and_nothing_else() throws Exception {
        assertThat(told(scrape(ConsoleServer.API_TOKEN).body())).isEqualTo(described());
    }

    @Test
    void a_token_that_may_see_the_factory_opens_them_until_it_is_revoked() throws Exception {
        var token = token("prometheus", Role.VIEWER, ImagePatterns.ALL);
        var answer = scrape(token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scrape(token("limited", Role.VIEWER, ImagePatterns.of(Set.of("web-*"))))
                        .statusCode())
                .isEqualTo(403);
        server.tokens.revoke("prometheus", "bea");
        assertThat(scrape(token).statusCode()).isEqualTo(401);
    }
}
