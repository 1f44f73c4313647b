package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.ifaas.server.api.InquiryPolicy;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A region and a cloud that answer nothing, beside one that does. */
@ExtendWith(TestServer.Running.class)
class SilentRegionTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final SettableClock clock = new SettableClock(NOW);
    private ConsoleServer server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(clock, InquiryPolicy.defaults());
        browser = server.signedIn(Role.ADMIN);
    }

    @AfterEach
    void stop() {
        server.regionB.close();
        server.host.cloud.close();
        browser.close();
        server.close();
    }

    /** What was not there in time is there when the page is asked for again. */
    private String pageWith(String path, String text) throws Exception {
        var page = browser.get(path).body();
        for (var deadline = Instant.now().plus(Duration.ofMinutes(5));
                !page.contains(text) && Instant.now().isBefore(deadline); ) {
            page = browser.get(path).body();
        }
        assertThat(page).contains(text);
        return page;
    }

    @Test
    void a_page_says_of_which_region_it_does_not_know() throws Exception {
        server.sample.succeeded("debian-12", NOW.minus(Duration.ofHours(2)), 1, "base-files");
        server.regionB.begin();
        assertThat(pageWith("/requests", "as built")).contains("not known", "region region-b does not answer");
        assertThat(pageWith("/regions", "✔ reachable")).contains("not known: region region-b does not answer");
        server.regionB.close();
        assertThat(pageWith("/regions", "Images in region-b")).doesNotContain("not known");
        pageWith("/requests", "as built");
        assertThat(pageWith("/requests", "as built")).doesNotContain("not known");
    }

    @Test
    void neither_the_page_of_hosts_nor_the_metrics_wait_for_a_cloud() throws Exception {
        server.host.cloud.begin();
        assertThat(browser.get("/hosts").body())
                .contains("Some hosts may be missing: this machine does not answer")
                .doesNotContain(OneHost.NAME, "There is no build host now");
        assertThat(browser.get("/metrics").body()).contains("ifaas_sessions 1").doesNotContain("ifaas_hosts{");
        server.host.cloud.close();
        assertThat(pageWith("/hosts", OneHost.NAME)).doesNotContain("may be missing");
        pageWith("/metrics", "ifaas_hosts{");
    }
}
