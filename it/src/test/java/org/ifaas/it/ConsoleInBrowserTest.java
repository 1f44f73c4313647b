package org.ifaas.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.ifaas.api.ConsoleView;
import org.ifaas.api.LogView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** A person with a browser, from signing in to the published image; the guest and its tests are real. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleInBrowserTest {
    private static final double LONGEST = Duration.ofMinutes(20).toMillis();
    private static final TestHome HOME = TestHome.make("console");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final List<String> complaints = new ArrayList<>();
    private RunningFactory factory;
    private Playwright playwright;
    private Browser browser;
    private String address;
    private String password;

    @BeforeAll
    void start() throws Exception {
        factory = RunningFactory.in(HOME.path());
        RunningFactory.await("the console is there", () -> log().contains("The console is at "));
        address = found("The console is at (http://127.0.0.1:[0-9]+)/", log());
        Assertions.assertThat(log()).doesNotContain("with the password");
        password = factory.post("/console/password", "", ConsoleView.class).password();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(
                                Path.of(Objects.requireNonNullElse(System.getenv("CHROMIUM"), "/usr/bin/chromium")))
                        .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    }

    @AfterAll
    void leaveNothing() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        factory.close();
        HOME.assertNothingIsLeftAndRemove();
    }

    private static String log() {
        try {
            return Files.readString(HOME.path().resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String found(String pattern, String text) {
        var matcher = Pattern.compile(pattern).matcher(text);
        Assertions.assertThat(matcher.find()).as(pattern + " in\n" + text).isTrue();
        return matcher.group(1);
    }

    private Page page(int width) {
        var page = browser.newContext(new Browser.NewContextOptions().setViewportSize(width, 900))
                .newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(address);
        page.getByLabel("Name").fill("admin");
        page.getByLabel("Password").fill(password);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL(address + "/");
        return page;
    }

    @Test
    void aBuildIsAskedForFollowedToItsEndAndApproved() {
        var page = page(1280);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Build busybox"))
                .click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(Pattern.compile("^Build "))))
                .isVisible();

        // Nothing is loaded anew by hand: the page follows the build and its log.
        assertThat(page.locator("#summary .state")).hasText(Pattern.compile("succeeded"), patient());
        assertThat(page.locator("#timeline .look.good")).hasCount(15);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile("Build image")))
                .click();
        assertThat(page.locator("#lines > div").first()).isVisible();
        page.getByLabel("Line 1", new Page.GetByLabelOptions().setExact(true)).click();
        assertThat(page).hasURL(Pattern.compile("#build-image-L1$"));

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Requests"))
                .click();
        assertThat(page.getByText("as built")).hasCount(2);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve"))
                .click();
        assertThat(page.getByText("published")).isVisible();

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Images"))
                .click();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("busybox"))
                .first()
                .click();
        assertThat(page.getByText("Image size")).isVisible();
        onAPhoneNothingIsWiderThanTheScreen();
        aLogsColoursAreDrawnAndItsTextStaysText(page);
        noPageKeepsAnybodyOut(page);
        Assertions.assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    /** As if the build had said so: in all inks and faces, and something that would be markup. */
    private void aLogsColoursAreDrawnAndItsTextStaysText(Page page) {
        var text = new StringBuilder();
        for (int ink = 30; ink <= 37; ink++) {
            for (var face : List.of("", "1;", "2;", "3;4;9;")) {
                text.append("\u001b[0;" + face + ink + "mink " + ink + "\u001b[0m usual\n");
            }
        }
        text.append("\u001b[0;31m<img src=x onerror=alert(1)>\u001b[0m error\n");
        var events = "id: 1\ndata: " + JSON.writeValueAsString(new LogView(text.toString(), 1, false))
                + "\n\nevent: end\ndata: {}\n\n";
        page.route(
                Pattern.compile("/logs/build-image/events"),
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(events)));
        page.navigate(address + "/");
        var build = page.locator("a[href^='/builds/']").first().getAttribute("href");
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.navigate(address + build + "?stage=build-image");
            assertThat(page.locator("#lines .ink-red")).hasCount(5);
            assertThat(page.locator("#lines > div").last().locator("> span"))
                    .hasText("<img src=x onerror=alert(1)> error");
            assertThat(page.locator("#lines img")).hasCount(0);
            page.getByLabel("Search in the log").fill("ink 35 usual");
            assertThat(page.locator("#hits")).hasText("4 lines");
            page.locator("#lines > div").last().locator("a").click();
            keepsNobodyOut(page, scheme + " of coloured lines");
        }
        page.unroute(Pattern.compile("/logs/build-image/events"));
    }

    /** In light and dark: what axe-core calls serious or critical. */
    private void noPageKeepsAnybodyOut(Page page) {
        page.navigate(address + "/");
        var build = page.locator("a[href^='/builds/']").first().getAttribute("href");
        var pages = List.of(
                "/",
                "/images/busybox",
                build,
                "/new-build",
                "/requests",
                "/hosts",
                "/regions",
                "/schedules",
                "/statistics",
                "/audit",
                "/settings");
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (var path : pages) {
                page.navigate(address + path);
                keepsNobodyOut(page, scheme + " of " + path);
            }
        }
    }

    private static void keepsNobodyOut(Page page, String what) {
        var found = new AxeBuilder(page).analyze();
        Assertions.assertThat(found.getPasses()).as("rules that were tried").isNotEmpty();
        Assertions.assertThat(found.getViolations().stream()
                        .filter(violation -> List.of("serious", "critical").contains(violation.getImpact()))
                        .map(violation -> violation.getId() + ": " + violation.getHelp() + " in "
                                + violation.getNodes().stream()
                                        .map(node -> node.getHtml())
                                        .limit(3)
                                        .toList()))
                .as(what)
                .isEmpty();
    }

    private void onAPhoneNothingIsWiderThanTheScreen() {
        var page = page(390);
        for (var path :
                List.of("/", "/images/busybox", "/requests", "/regions", "/statistics", "/settings", "/new-build")) {
            page.navigate(address + path);
            Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as(path)
                    .isEqualTo(true);
        }
    }

    private static LocatorAssertions.HasTextOptions patient() {
        return new LocatorAssertions.HasTextOptions().setTimeout(LONGEST);
    }
}
