package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ifaas.api.BuildView;
import org.ifaas.api.CheckView;
import org.ifaas.api.DifferenceView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Debian images that ship with the product: each is built, booted, tested, sealed and copied, by its own builder. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
class DebianImagesTest {
    private static final TestHome HOME = TestHome.make("debian-images");
    private static final Map<String, BuildView> BUILDS = new LinkedHashMap<>();
    private static RunningFactory factory;

    @BeforeAll
    static void buildThemAtOnce() throws Exception {
        // Emulated machines with more processors than this machine has cores for wait for each other.
        Files.writeString(HOME.path().resolve("ifaas.yaml"), "builds:\n  parallel: 2\nhosts:\n  instance_cpus: 1\n");
        factory = RunningFactory.in(HOME.path());
        var begun = new LinkedHashMap<String, String>();
        // The one that takes longest comes first.
        for (var image : new String[] {"debian-12", "debian-12-kiwi", "debian-12-reproducible", "debian-13"}) {
            begun.put(image, factory.build("{\"image\":\"" + image + "\"}").id());
        }
        // Only the bytes matter of this one.
        begun.put(
                "again",
                factory.build("{\"image\":\"debian-12-reproducible\",\"force\":true,\"runTests\":false}")
                        .id());
        for (var build : begun.entrySet()) {
            BUILDS.put(build.getKey(), factory.awaitEnd(build.getValue()));
        }
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        HOME.assertNothingIsLeftAndRemove();
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian-12", "debian-12-kiwi", "debian-12-reproducible", "debian-13"})
    @Order(1)
    void isBuiltBootedAndPassesTheSuite(String image) throws Exception {
        var build = BUILDS.get(image);
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
        assertThat(build.attempt()).isEqualTo(1);
        assertThat(build.stages())
                .hasSize(15)
                .allSatisfy(stage -> assertThat(stage.state()).as(stage.name()).isEqualTo("DONE"));
        assertThat(build.release().images()).hasSize(2);
        var results = Path.of(build.release().folder(), "files/test-results/results.xml");
        assertThat(results)
                .content()
                .contains("failures=\"0\" errors=\"0\"", "no unit has failed", "iperf3_to_factory");
        assertThat(Path.of(build.release().folder(), "files/packages.tsv"))
                .content()
                .containsPattern("(?m)^openssh-server\t\\S+\tamd64\topenssh$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian-12", "debian-12-kiwi", "debian-12-reproducible", "debian-13"})
    @Order(2)
    void verifiesWithTheCustomersTools(String image) throws Exception {
        assertThat(factory.post("/releases/" + image + "/latest/verify", "", CheckView[].class))
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
    }

    @Test
    @Order(3)
    void twoInstancesAndARebootAreTestedForOneImage() throws Exception {
        assertThat(Path.of(BUILDS.get("debian-12").release().folder(), "files/test-results/results.xml"))
                .content()
                .contains("<testsuite name=\"two-instances\"", "<testsuite name=\"reboot\"");
    }

    @Test
    @Order(4)
    void twoBuildsFromTheSameInputsGiveTheSameBytes() throws Exception {
        var again = BUILDS.get("again");
        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        var difference = factory.get(
                "/builds/" + BUILDS.get("debian-12-reproducible").id() + "/difference/" + again.id(),
                DifferenceView.class);
        assertThat(difference.differences()).isEmpty();
        assertThat(difference.same()).isTrue();
    }
}
