package org.ifaas.release.attest;

import static org.assertj.core.api.Assertions.assertThat;

import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.pipeline.BuildId;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SlsaProvenanceTest {
    private final FinishedBuild build = FinishedBuild.of("k3f9x2ma");

    @Test
    void itIsAnInTotoStatementAboutTheImage() {
        var statement = statement(build.image());

        assertThat(statement.get("_type").asString()).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(statement.get("predicateType").asString()).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(statement.get("subject")).hasSize(1);
        assertThat(statement.at("/subject/0/name").asString())
                .isEqualTo("Standard_Debian_12_amd64_bios-20261122-k3f9x2ma-rc1.qcow2");
        assertThat(statement.at("/subject/0/digest/sha256").asString()).isEqualTo(FinishedBuild.SHA256);
        assertThat(statement.at("/subject/0/digest/sha512").asString()).isEqualTo("e".repeat(128));
    }

    @Test
    void itSaysWhatWasAskedForAndWhatTheDefinitionIs() {
        var external = statement(build.image()).at("/predicate/buildDefinition/externalParameters");

        assertThat(external.get("image").asString()).isEqualTo("debian-12");
        assertThat(external.get("ref").asString()).isEqualTo("main");
        assertThat(external.get("serialSuffix").asString()).isEqualTo("rc1");
        assertThat(external.at("/definition/builder").asString()).isEqualTo("mmdebstrap");
        assertThat(external.at("/definition/options/cmdline").asString()).isEqualTo("quiet");
    }

    @Test
    void itNamesCommitMirrorStatesAndToolsAsDependencies() {
        var dependencies = statement(build.image()).at("/predicate/buildDefinition/resolvedDependencies");

        assertThat(dependencies.valueStream().map(one -> one.get("name").asString()))
                .containsExactly(
                        "shipped:images/debian-12",
                        "bookworm/InRelease",
                        "bookworm-security/InRelease",
                        "e2fsprogs",
                        "mmdebstrap");
        assertThat(dependencies.at("/0/digest/gitCommit").asString()).isEqualTo("c".repeat(40));
        assertThat(dependencies.at("/2/digest/sha256").asString()).isEqualTo("2".repeat(64));
        assertThat(dependencies.at("/3/uri").asString()).isEqualTo("pkg:deb/debian/e2fsprogs@1:1.47.0-2%2Bb2");
    }

    @Test
    void theMirrorsAreAsTheyWereWhenTheImageWasBuiltRatherThanWhenStageOneSawThem() {
        var dependencies = statement(build.imageOf(
                        FinishedBuild.mirror("bookworm", "1".repeat(64)),
                        FinishedBuild.mirror("bookworm-security", "8".repeat(64)),
                        FinishedBuild.mirror("bookworm-security", "9".repeat(64))))
                .at("/predicate/buildDefinition/resolvedDependencies");

        assertThat(dependencies
                        .valueStream()
                        .filter(one -> one.get("name").asString().equals("bookworm-security/InRelease"))
                        .map(one -> one.at("/digest/sha256").asString()))
                .containsExactly("8".repeat(64), "9".repeat(64));
    }

    @Test
    void itSaysWhoBuiltItAndWhen() {
        var run = statement(build.image()).at("/predicate/runDetails");

        assertThat(run.at("/builder/id").asString()).isEqualTo("urn:ifaas:factory:ab12cd:qemu");
        assertThat(run.at("/builder/version/ifaas").asString()).isEqualTo("1.2.3");
        assertThat(run.at("/metadata/invocationId").asString()).isEqualTo("k3f9x2ma");
        assertThat(run.at("/metadata/startedOn").asString()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(run.at("/metadata/finishedOn").asString()).isEqualTo("2026-11-22T10:03:20Z");
    }

    @Test
    void eachKindOfHostIsABuilderOfItsOwn() {
        var container = new FinishedBuild(new BuildId("k3f9x2ma"), "debian", HostKind.CONTAINER);
        var text = attester().provenance(container.build(), container.inputs(), container.image());

        assertThat(text).contains("urn:ifaas:factory:ab12cd:container");
    }

    @Test
    void itNamesNoPersonAndNoMirror() {
        assertThat(text(build.image())).doesNotContain("@example.org").doesNotContain("anna", "mirror.example.org");
    }

    @Test
    void timesThatAnOlderFactoryDidNotRecordAreLeftOut() {
        assertThat(text(build.oldImage())).doesNotContain("startedOn", "finishedOn");
    }

    @Test
    void theSameFactsGiveTheSameText() {
        assertThat(text(build.image()))
                .isEqualTo(text(FinishedBuild.of("k3f9x2ma").image()));
    }

    private JsonNode statement(ImageBuilt image) {
        return JsonMapper.shared().readTree(text(image));
    }

    private String text(ImageBuilt image) {
        return attester().provenance(build.build(), build.inputs(), image);
    }

    private static ReleaseAttester attester() {
        return new ReleaseAttester("ab12cd", "1.2.3");
    }
}
