package org.ifaas.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.ifaas.api.ConsoleView;
import org.ifaas.api.LogView;
import org.ifaas.server.login.Slapd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/**
 * People with browsers, from signing in to the published image: one asks for it, another one approves. The guest and its tests are
 * real, and so is the directory of the people.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(6)
class ConsoleInBrowserTest {
    private static final double LONGEST = Duration.ofMinutes(20).toMillis();
    private static final TestHome HOME = TestHome.make("console");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int WIDE = 1280;
    private static final int PHONE = 390;
    private static final int LINES = 200_000;
    private final List<String> complaints = new ArrayList<>();
    private Slapd slapd;
    private RunningFactory factory;
    private Playwright playwright;
    private Browser browser;
    private String address;
    private String password;

    @BeforeAll
    void start() throws Exception {
        slapd = new Slapd(Files.createDirectory(HOME.path().resolve("directory")));
        factory = RunningFactory.in(HOME.path(), "--config", configuration().toString());
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

    private Path configuration() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions"))
                .script("noisy", 8, """
                #!/bin/sh
                set -eu
                seq LINES | sed 's/.*/line & of a build that says much about itself and all that it does/; s/line 100000 /Here it is: &/'
                head -c 8388608 /dev/urandom >"$IFAAS_WORK/raw"
                qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
                : >"$IFAAS_PACKAGES"
                """.replace("LINES", Integer.toString(LINES)));
        definitions.script("held", 8, "#!/bin/sh\nset -eu\n" + Definitions.AWAIT_LET_GO + """
                until [ -e "$let_go" ]; do sleep 1; done
                qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
                : >"$IFAAS_PACKAGES"
                """);
        copy(Path.of("../images/busybox"), definitions.folder().resolve("busybox"));
        Files.writeString(definitions.folder().resolve("busybox/image.yaml"), """
                certification:
                  - {name: scan, title: No critical vulnerability, who: Security}
                """, StandardOpenOption.APPEND);
        definitions.commit();
        var secret = Files.writeString(HOME.path().resolve("ldap-secret"), "factory's own\n");
        var soon = LocalDate.now(ZoneOffset.UTC).plusDays(3);
        return definitions.configuration("""
                schedules:
                  - {image: noisy, cron: '0 3 %1$d %2$d *'}
                  - {image: held, cron: '0 3 %1$d %2$d *', jitter: 1h}
                publication: {four_eyes: true}
                ldap:
                  servers: ['%3$s']
                  ca_file: '%4$s'
                  bind_dn: cn=factory,dc=example,dc=org
                  bind_password_file: '%5$s'
                  people: {base: 'ou=people,dc=example,dc=org'}
                  groups: {base: 'ou=groups,dc=example,dc=org'}
                  roles: {requester: [Image Team], publisher: [releases]}
                """.formatted(
                        soon.getDayOfMonth(), soon.getMonthValue(), slapd.plain(), slapd.certificatePem(), secret));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @AfterAll
    void leaveNothing() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        if (factory != null) {
            factory.close();
        }
        if (slapd != null) {
            slapd.close();
        }
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
        return page;
    }

    private Page signedIn(int width, String name, String itsPassword) {
        var page = page(width);
        page.getByLabel("Name").fill(name);
        page.getByLabel("Password").fill(itsPassword);
        press(page, "Sign in");
        page.waitForURL(address + "/");
        fits(page);
        return page;
    }

    private static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button))
                .click();
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(Pattern.compile(name)))
                .first();
    }

    private static void fits(Page page) {
        Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as(page.url() + " at " + page.viewportSize().width)
                .isEqualTo(true);
    }

    @Test
    void oneAsksForABuildFollowsItAndSeesTheTrendAfterAnotherHasApproved() {
        var anna = signedIn(WIDE, "anna", "anna's");
        press(anna, "Build busybox");
        followedToItsEndAndApproved(anna, WIDE);
        complainsOfNothing();
    }

    @Test
    void theSameOnAPhone() {
        var anna = signedIn(PHONE, "anna", "anna's");
        link(anna, "New build").click();
        fits(anna);
        anna.getByLabel("Image", new Page.GetByLabelOptions().setExact(true)).selectOption("busybox");
        anna.getByLabel("Force").check();
        anna.locator("button.main").click();
        followedToItsEndAndApproved(anna, PHONE);
        complainsOfNothing();
    }

    private void followedToItsEndAndApproved(Page anna, int width) {
        assertThat(anna.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(Pattern.compile("^Build "))))
                .isVisible();
        // Nothing is loaded anew by hand: the page follows the build and its log, of which there is none yet.
        link(anna, "Build image").click();
        assertThat(anna.locator("#lines > div").first()).isVisible(visible());
        assertThat(anna.locator("#summary .state")).hasText(Pattern.compile("succeeded"), patient());
        assertThat(anna.locator("#timeline .look.good")).hasCount(15);
        anna.getByLabel("Line 1", new Page.GetByLabelOptions().setExact(true)).click();
        assertThat(anna).hasURL(Pattern.compile("#build-image-L1$"));
        fits(anna);

        link(anna, "Requests").click();
        assertThat(anna.getByText("as built")).hasCount(2);
        assertThat(anna.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve")))
                .hasCount(0);

        var admin = signedIn(width, "admin", password);
        link(admin, "Requests").click();
        assertThat(admin.getByText("not confirmed")).isVisible();
        keepsNobodyOut(admin, width, "a request that waits");
        admin.getByLabel("Note").fill("two low ones");
        press(admin, "Confirm");
        assertThat(admin.getByText("confirmed by")).isVisible();
        admin.context().close();

        var bert = signedIn(width, "bert", "bert's");
        link(bert, "Requests").click();
        fits(bert);
        press(bert, "Approve");
        assertThat(bert.getByText("Approve", new Page.GetByTextOptions().setExact(true)))
                .hasCount(0);
        assertThat(bert.getByText("published").first()).isVisible();
        bert.context().close();

        link(anna, "Images").click();
        link(anna, "^busybox").click();
        assertThat(anna.getByText("Image size")).isVisible();
        assertThat(anna.locator(".chart").first()).isVisible();
        assertThat(anna.getByText("published").first()).isAttached();
        fits(anna);
    }

    private void complainsOfNothing() {
        Assertions.assertThat(complaints).as("what the browser complained of").isEmpty();
    }

    @Test
    void anyLineOfALongLogIsAtHandAndIsFoundByWhatItSays() throws Exception {
        var id = factory.awaitEnd(factory.build("{\"image\":\"noisy\",\"runTests\":false}")
                        .id())
                .id();
        var page = signedIn(PHONE, "anna", "anna's");
        page.navigate(address + "/builds/" + id + "?stage=build-image#build-image-L150000");
        assertThat(page.locator("#lines > .chosen > a")).hasAttribute("data-n", "150000");
        Assertions.assertThat((Integer) page.evaluate("document.querySelectorAll('#lines > div').length"))
                .isLessThan(2000);
        fits(page);

        page.getByLabel("Search in the log").fill("here IT is");
        page.keyboard().press("Enter");
        assertThat(page.locator("#hits")).hasText("1 line");
        page.locator("#found a").first().focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#lines > .chosen > span")).hasText(Pattern.compile("Here it is: line 100000 "));
        keepsNobodyOut(page, "a search");

        var first = page.locator("#lines > div").first();
        var before = Integer.parseInt(first.locator("a").getAttribute("data-n"));
        page.locator("#earlier a").focus();
        page.keyboard().press("Enter");
        // As many as a piece may have bytes.
        assertThat(first.locator("a")).not().hasAttribute("data-n", Integer.toString(before));
        assertThat(page.locator("#lines > div > a[data-n='" + (before - 1) + "']"))
                .hasCount(1);
        assertThat(page.locator("#lines > .chosen")).hasCount(1);
        var last = page.locator("#lines > div").last();
        var behind = Integer.parseInt(last.locator("a").getAttribute("data-n"));
        page.locator("#later a").click();
        assertThat(last.locator("a")).not().hasAttribute("data-n", Integer.toString(behind));

        page.getByLabel("Follow").check();
        assertThat(last.locator("span")).hasText(Pattern.compile(", 0 packages$"));
        complainsOfNothing();
    }

    @Test
    void aPageIsRenewedWhenWhoeverHeldItHasLeftIt() throws Exception {
        var id = heldBuild();
        var page = address + "/builds/" + id + "?stage=build-image";
        var focused = signedIn(WIDE, "anna", "anna's");
        focused.navigate(page);
        var cancel = focused.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Cancel"));
        cancel.focus();
        var marked = signedIn(WIDE, "bert", "bert's");
        marked.navigate(page);
        marked.locator("h1 .mono").selectText();
        var seen = signedIn(WIDE, "anna", "anna's");
        var background = inTheBackground(seen.context(), page);
        seen.navigate(page);
        Definitions.letGo(id);
        for (var held : List.of(focused, marked)) {
            assertThat(held.locator("#timeline .running"))
                    .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(LONGEST));
            assertThat(held.locator("#summary .state")).hasText(Pattern.compile("running"));
        }
        cancel.blur();
        marked.evaluate("getSelection().removeAllRanges()");
        for (var renewed : List.of(focused, marked, seen)) {
            assertThat(renewed.locator("#summary .state")).hasText(Pattern.compile("succeeded"));
        }
        var looked = background.getFirst();
        assertThat(looked.locator("#summary .state")).hasText(Pattern.compile("running"));
        looked.evaluate("window.isSeen = true; document.dispatchEvent(new Event('visibilitychange'))");
        assertThat(looked.locator("#summary .state")).hasText(Pattern.compile("succeeded"));
        complainsOfNothing();
    }

    private String heldBuild() throws Exception {
        var id = factory.build("{\"image\":\"held\",\"runTests\":false,\"force\":true}")
                .id();
        factory.awaitBuild(
                id, build -> RunningFactory.stage(build, "build-image").state().equals("RUNNING"));
        return id;
    }

    /** More than a browser has connections for, were all of them to hear of what happens. */
    private static List<Page> inTheBackground(BrowserContext browser, String address) {
        var pages = new ArrayList<Page>();
        for (int i = 0; i < 4; i++) {
            var page = browser.newPage();
            page.addInitScript("Object.defineProperty(document, 'hidden', {get: () => !window.isSeen})");
            page.navigate(address);
            pages.add(page);
        }
        return pages;
    }

    @Test
    void aLogIsFollowedUntilSomebodyGoesBack() throws Exception {
        var id = heldBuild();
        var page = signedIn(WIDE, "anna", "anna's");
        var said = new AtomicInteger();
        page.route(Pattern.compile("/logs/build-image/events"), route -> {
            int offset = said.incrementAndGet();
            var text = "one line of a log\n".repeat(50);
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("text/event-stream")
                    .setBody("retry: 100\nid: " + offset + "\ndata: "
                            + JSON.writeValueAsString(new LogView(text, offset, true)) + "\n\n"));
        });
        page.navigate(address + "/builds/" + id + "?stage=build-image");
        var lines = page.locator("#lines > div");
        assertThat(lines.nth(150)).isAttached();
        assertThat(page.getByLabel("Follow")).isChecked();
        Assertions.assertThat(toTheEnd(page)).isLessThan(200);
        page.locator(".log").focus();
        page.keyboard().press("PageUp");
        assertThat(page.getByLabel("Follow")).not().isChecked();
        assertThat(lines.nth(lines.count() + 100)).isAttached();
        Assertions.assertThat(toTheEnd(page)).isGreaterThan(1000);
        page.unroute(Pattern.compile("/logs/build-image/events"));
        Definitions.letGo(id);
        factory.awaitEnd(id);
        complainsOfNothing();
    }

    private static double toTheEnd(Page page) {
        return ((Number) page.evaluate("(box => box.scrollHeight - box.scrollTop - box.clientHeight)"
                        + "(document.querySelector('.log'))"))
                .doubleValue();
    }

    @Test
    void noPageKeepsAnybodyOutOrIsWiderThanAPhone() throws Exception {
        var builds = new ArrayList<String>();
        for (var more : List.of("", ",\"keepHost\":\"1h\"")) {
            builds.add(factory.awaitEnd(
                            factory.build("{\"image\":\"noisy\",\"runTests\":false,\"force\":true" + more + "}")
                                    .id())
                    .id());
        }
        var held = heldBuild();
        var admin = signedIn(WIDE, "admin", password);
        link(admin, "Schedules").click();
        admin.getByLabel("Reason to pause held").fill("the mirror is being moved");
        press(admin, "Pause held");
        assertThat(admin.getByText("paused")).isVisible();
        noPageKeepsAnybodyOut(builds, held);
        Definitions.letGo(held);
        factory.awaitEnd(held);
        link(admin, "Hosts").click();
        press(admin, "Destroy");
        assertThat(admin.getByText("There is no build host now")).isVisible();
        aLogsColoursAreDrawnAndItsTextStaysText(builds.getFirst());
        complainsOfNothing();
    }

    /** As if the build had said so: in all inks and faces, and something that would be markup. */
    private void aLogsColoursAreDrawnAndItsTextStaysText(String build) {
        var page = signedIn(WIDE, "admin", password);
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
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.navigate(address + "/builds/" + build + "?stage=build-image&at=end");
            assertThat(page.locator("#lines .ink-red")).hasCount(5);
            assertThat(page.locator("#lines > div").last().locator("> span"))
                    .hasText("<img src=x onerror=alert(1)> error");
            assertThat(page.locator("#lines img")).hasCount(0);
            page.locator("#lines > div").last().locator("a").click();
            keepsNobodyOut(page, scheme + " of coloured lines");
        }
        page.unroute(Pattern.compile("/logs/build-image/events"));
    }

    /**
     * Wide and narrow: what axe-core calls serious or critical. Only colours depend on whether it is light or dark, and they
     * don't depend on the width.
     */
    private void noPageKeepsAnybodyOut(List<String> builds, String held) {
        var differences = "/images/noisy/differences?from=" + builds.getFirst() + "&to=" + builds.getLast();
        var pages = List.of(
                "/",
                "/images/noisy",
                differences,
                "/builds/" + builds.getFirst() + "?stage=build-image&find=line+77",
                "/builds/" + held,
                "/new-build",
                "/requests",
                "/hosts",
                "/regions",
                "/schedules",
                "/statistics",
                "/audit?verify=1",
                "/settings",
                "/no-such-page");
        for (var width : List.of(WIDE, PHONE)) {
            var stranger = page(width);
            keepsNobodyOut(stranger, width, "signing in");
            var admin = signedIn(width, "admin", password);
            for (var path : pages) {
                admin.navigate(address + path);
                keepsNobodyOut(admin, width, path);
            }
            stranger.context().close();
            admin.context().close();
        }
        // The page that is not there was asked for.
        complaints.removeIf(complaint -> complaint.contains("status of 404"));
    }

    private static void keepsNobodyOut(Page page, int width, String what) {
        fits(page);
        keepsNobodyOut(page, what);
        if (width == WIDE) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            keepsNobodyOut(new AxeBuilder(page).withRules(List.of("color-contrast")), "in the dark: " + what);
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        }
    }

    private static void keepsNobodyOut(Page page, String what) {
        keepsNobodyOut(new AxeBuilder(page), what);
    }

    private static void keepsNobodyOut(AxeBuilder axe, String what) {
        var found = axe.analyze();
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

    private static LocatorAssertions.IsVisibleOptions visible() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(LONGEST);
    }

    private static LocatorAssertions.HasTextOptions patient() {
        return new LocatorAssertions.HasTextOptions().setTimeout(LONGEST);
    }
}
