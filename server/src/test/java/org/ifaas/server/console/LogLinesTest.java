package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.server.console.LogLines.Span;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logs of more lines than a page can have, in the database and in the artifact store. */
@ExtendWith(TestServer.Running.class)
class LogLinesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final int MANY = 60_000;
    private ConsoleServer server;
    private Browser browser;
    private SampleBuilds.Running running;
    private LogLines lines;
    private LogLines.Key log;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        browser = server.signedIn(Role.ADMIN);
        running = server.sample.running("debian-12", NOW.minusSeconds(300), NOW);
        lines = new LogLines(server.logs);
        log = new LogLines.Key(running.id(), 1, StageName.BUILD_IMAGE);
    }

    @AfterEach
    void stop() {
        running.log().close();
        browser.close();
        server.close();
    }

    private void write(Logs.Writer to, int from, int until) {
        for (int i = from; i <= until; i++) {
            to.line("%s", "\u001b[32mline\u001b[0m <" + i + "> ä" + (i % 20_000 == 0 ? " Here it is" : " and so on"));
        }
    }

    /** A stage that goes on where its log had 44 lines, in the database until the writer is closed. */
    private Logs.Writer longLog(BuildId build) {
        var writer = server.logs.open(build, 1, StageName.BUILD_IMAGE);
        write(writer, 45, MANY);
        return writer;
    }

    private void anyLineIsFound() throws Exception {
        for (long line : new long[] {1, 45, 201, 3_999, 40_000, MANY - 1, MANY}) {
            var window = lines.window(log, Span.around(line));
            assertThat(window.from()).isLessThanOrEqualTo(line).isGreaterThanOrEqualTo(line - 200);
            var text = window.lines().get((int) (line - window.from()));
            assertThat(text).contains(line > 44 ? "<" + line + "> ä" : "first line");
            assertThat(window.more()).isEqualTo(window.from() + window.lines().size() <= MANY);
        }
    }

    @Test
    void any_line_is_found_while_the_log_grows_and_when_it_is_closed() throws Exception {
        var writer = longLog(running.id());
        // What is pending is written.
        server.logs.close();
        anyLineIsFound();
        writer.close();
        anyLineIsFound();
        lines = new LogLines(server.logs);
        anyLineIsFound();
    }

    @Test
    void windows_that_follow_each_other_are_the_whole_log_and_their_offsets_those_of_its_events() throws Exception {
        longLog(running.id()).close();
        long next = 1;
        var window = lines.window(log, Span.from(next));
        while (window.more()) {
            next += window.lines().size();
            assertThat(server.logs
                            .read(log.build(), 1, log.stage(), window.next(), Duration.ZERO)
                            .text())
                    .startsWith(lines.window(log, new Span(next, 0, 1)).lines().getFirst());
            window = lines.window(log, Span.from(next));
            assertThat(window.from()).isEqualTo(next);
        }
        assertThat(next + window.lines().size() - 1).isEqualTo(MANY);
        var earlier = lines.window(log, Span.before(30_000));
        assertThat(earlier.lines().getLast()).contains("<29999>");
        assertThat(earlier.from() + earlier.lines().size()).isEqualTo(30_000);
    }

    @Test
    void the_last_lines_are_shown_to_whoever_asks_for_them_or_for_more_than_there_are() throws Exception {
        longLog(running.id()).close();
        for (long line : new long[] {LogLines.END, MANY + 1, MANY + 150, 9_999_999}) {
            var last = lines.window(log, Span.around(line));
            assertThat(last.lines().getLast()).as("line " + line).contains("<" + MANY + ">");
            assertThat(last.lines()).hasSizeGreaterThan(40);
            assertThat(last.more()).isFalse();
        }
    }

    @Test
    void the_whole_log_is_searched_for_text_as_it_is_in_small_letters_and_capitals() throws Exception {
        longLog(running.id()).close();
        var found = lines.find(log, "ä HERE", 1);
        assertThat(found.lines()).extracting(LogLines.Hit::number).containsExactly(20_000L, 40_000L, 60_000L);
        assertThat(found.lines().getFirst()).isEqualTo(new LogLines.Hit(20_000, "line <20000> ", "ä Here", " it is"));
        assertThat(found.next()).isZero();
        assertThat(lines.find(log, "l.*ne", 1).lines()).isEmpty();
        var first = lines.find(log, "so on", 50_000);
        assertThat(first.lines())
                .hasSize(100)
                .first()
                .extracting(LogLines.Hit::number)
                .isEqualTo(50_000L);
        assertThat(lines.find(log, "so on", first.next()).lines().getFirst().number())
                .isEqualTo(50_100);
    }

    @Test
    void a_page_shows_the_line_of_its_address_and_links_to_those_around_and_to_what_was_found() throws Exception {
        longLog(running.id()).close();
        var path = "/builds/" + running.id() + "?attempt=1&stage=build-image";
        var page = browser.get(path + "&at=40000").body();
        assertThat(page)
                .contains("id=\"build-image-L39800\"", "id=\"build-image-L40000\"", "&lt;40000&gt; ä Here it is")
                .contains("Earlier lines", "Later lines")
                .doesNotContain("\"build-image-L1\"", "Nothing was written");
        assertThat(page.length()).isLessThan(500_000);
        var found = browser.get(path + "&find=here+it").body();
        assertThat(found).contains("3 lines", "<mark>Here it</mark>", "at=40000&amp;find=here+it#build-image-L40000");
        var piece = browser.get("/builds/" + running.id() + "/logs/build-image/lines?from=59990")
                .body();
        assertThat(Pattern.compile("id=\"build-image-L").matcher(piece).results())
                .hasSize(11);
        assertThat(piece).doesNotContain("<html", "Later lines");
        assertThat(browser.get("/builds/" + running.id() + "/logs/build-image/hits?find=%3C45%3E")
                        .body())
                .contains("1 line", "<mark>&lt;45&gt;</mark>")
                .doesNotContain("<html");
        assertThat(browser.get("/builds/" + running.id() + "/logs/build-image/hits?find=")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void what_is_searched_for_is_in_addresses_whatever_it_is() throws Exception {
        for (int i = 0; i < 150; i++) {
            running.log().line("%s", "100% C++ & #" + i);
        }
        running.log().close();
        var page = "/builds/" + running.id();
        var found = browser.get(page + "/logs/test-image/hits?find=100%25+C%2B%2B+%26+%23")
                .body();
        var further = Pattern.compile("id=\"further\" href=\"([^\"#]*)#found\"").matcher(found);
        assertThat(further.find()).as(found).isTrue();
        var next = browser.get(page + further.group(1).replace("&amp;", "&")).body();
        assertThat(next).contains("<mark>100% C++ &amp; #</mark>149", "value=\"100% C++ &amp; #\"");
    }

    @Test
    void a_stage_that_runs_shows_the_end_of_its_log() throws Exception {
        write(running.log(), 2, 5_000);
        running.log().close();
        var page = browser.get("/builds/" + running.id()).body();
        assertThat(page)
                .contains("id=\"test-image-L5000\"", "Earlier lines", "data-last")
                .doesNotContain("Later lines");
    }
}
