package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.api.ReleaseView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A definition's own stages after the image is built, on a real host and on the next one. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OwnStagesTest {
    private static final TestHome HOME = TestHome.make("own-stages");
    private static RunningFactory factory;
    private static BuildView build;

    @BeforeAll
    static void buildIt() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions"))
                .file("own/image.yaml", Definitions.yaml("own", """
                        sizes: {disk_mib: 8, min_ram_mib: 64}
                        stages:
                          - {name: scan, after: sign-image, script: stages/scan}
                          - {name: last, before: request-publication, script: stages/scan}
                        """))
                .program("own/build", """
                        #!/bin/sh
                        set -eu
                        qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
                        : >"$IFAAS_PACKAGES"
                        """)
                .program("own/stages/scan", """
                        #!/bin/sh
                        set -eu
                        echo "$IFAAS_STAGE of $IFAAS_SERIAL: $IFAAS_SHA256"
                        grep -q '^name: own$' "$IFAAS_DEFINITION/image.yaml"
                        [ -z "${IFAAS_IMAGE-}" ]
                        """);
        definitions.commit();
        factory = RunningFactory.in(
                HOME.path(), "--config", definitions.configuration("").toString());
        build = factory.awaitEnd(factory.build("{\"image\":\"own\",\"host\":\"container\",\"runTests\":false}")
                .id());
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        HOME.assertNothingIsLeftAndRemove();
    }

    private static String ran(String stage) throws Exception {
        var release = factory.get("/releases", ReleaseView[].class)[0];
        return "%s of %s: %s".formatted(stage, release.serial(), release.sha256());
    }

    @Test
    @Order(1)
    void theyAreToldOfWhatImageTheyRunAndInTheLogOfTheirStage() throws Exception {
        assertThat(factory.log(build.id(), "sign-image"))
                .containsSubsequence(
                        "== scan, after sign-image: stages/scan", ran("after sign-image"), "== scan is done");
        assertThat(factory.log(build.id(), "request-publication"))
                .contains("== last, before request-publication: stages/scan", ran("before request-publication"));
    }

    @Test
    @Order(2)
    void aRetryHasAHostForThemAndBuildsNothing() throws Exception {
        factory.post("/builds/" + build.id() + "/retry", "{\"from\":\"sign-image\"}", BuildView.class);
        var again = factory.awaitEnd(build.id());
        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        for (var stage : List.of("spawn-build-host", "check-out-sources", "sign-image", "destroy-build-host")) {
            assertThat(RunningFactory.stage(again, stage).state()).as(stage).isEqualTo("DONE");
        }
        for (var stage : List.of("configure-build-host", "build-image", "test-image")) {
            assertThat(RunningFactory.stage(again, stage).state()).as(stage).isEqualTo("SKIPPED");
        }
        assertThat(factory.log(build.id(), "sign-image")).contains(ran("after sign-image"));
    }
}
