package org.ifaas.release.attest;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.packageurl.PackageURL;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.BuildId;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CycloneDxTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void aBillOfMaterialsIsValidByTheOfficialSchema() throws Exception {
        assertThat(CycloneDxSchema.problems(sbom(FinishedBuild.of("k3f9x2ma")))).isEmpty();
    }

    @Test
    void theOfficialSchemaFindsWhatIsWrong() throws Exception {
        var wrong = sbom(FinishedBuild.of("k3f9x2ma")).replace("\"library\"", "\"book\"");
        assertThat(CycloneDxSchema.problems(wrong)).anyMatch(problem -> problem.contains("components"));
    }

    @Test
    void itDescribesTheImageWithItsDigests() throws Exception {
        var metadata = tree(FinishedBuild.of("k3f9x2ma")).get("metadata");

        assertThat(metadata.get("timestamp").asString()).isEqualTo("2026-11-22T10:03:20Z");
        assertThat(metadata.at("/tools/components/0/name").asString()).isEqualTo("ifaas");
        assertThat(metadata.at("/tools/components/0/version").asString()).isEqualTo("1.2.3");
        var component = metadata.get("component");
        assertThat(component.get("name").asString()).isEqualTo("Standard_Debian_12_amd64_bios");
        assertThat(component.get("version").asString()).isEqualTo("20261122-k3f9x2ma-rc1");
        assertThat(component.at("/hashes/1/alg").asString()).isEqualTo("SHA-256");
        assertThat(component.at("/hashes/1/content").asString()).isEqualTo(FinishedBuild.SHA256);
    }

    @Test
    void eachPackageIsThereOnceWithAPackageUrl() throws Exception {
        assertThat(purls(tree(FinishedBuild.of("k3f9x2ma"))))
                .containsExactly(
                        "pkg:deb/debian/bash@5.2.15-2%2Bb7?arch=amd64&distro=debian-12",
                        "pkg:deb/debian/bsdutils@1:2.38.1-5%2Bdeb12u3?arch=amd64&distro=debian-12&upstream=util-linux",
                        "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12&upstream=gcc-12",
                        "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=i386&distro=debian-12&upstream=gcc-12",
                        "pkg:deb/debian/tzdata@2025b-0%2Bdeb12u1~x?arch=all&distro=debian-12");
    }

    @Test
    void anotherReaderFindsInAPackageUrlWhatTheListSays() throws Exception {
        var url = new PackageURL(purls(tree(FinishedBuild.of("k3f9x2ma"))).get(1));

        assertThat(url.getType()).isEqualTo("deb");
        assertThat(url.getNamespace()).isEqualTo("debian");
        assertThat(url.getName()).isEqualTo("bsdutils");
        assertThat(url.getVersion()).isEqualTo("1:2.38.1-5+deb12u3");
        assertThat(url.getQualifiers())
                .isEqualTo(Map.of("arch", "amd64", "distro", "debian-12", "upstream", "util-linux"));
    }

    @Test
    void theImageDependsOnItsOperatingSystemAndThatOnThePackages() throws Exception {
        var bom = tree(FinishedBuild.of("k3f9x2ma"));
        var os = bom.at("/components/0");

        assertThat(os.get("type").asString()).isEqualTo("operating-system");
        assertThat(os.get("name").asString()).isEqualTo("debian");
        assertThat(os.get("version").asString()).isEqualTo("12");
        assertThat(bom.at("/dependencies/0/dependsOn/0")).isEqualTo(os.get("bom-ref"));
        assertThat(bom.at("/dependencies/1/ref")).isEqualTo(os.get("bom-ref"));
        assertThat(strings(bom.at("/dependencies/1/dependsOn"))).isEqualTo(purls(bom));
    }

    @Test
    void theSameFactsGiveTheSameText() throws Exception {
        assertThat(sbom(FinishedBuild.of("k3f9x2ma"))).isEqualTo(sbom(FinishedBuild.of("k3f9x2ma")));
    }

    @Test
    void twoBuildsOfTheSameBytesDifferInTheirSerialAlone() throws Exception {
        assertThat(sbom(FinishedBuild.of("k3f9x2ma")).replace("k3f9x2ma", "zzzzzzzz"))
                .isEqualTo(sbom(FinishedBuild.of("zzzzzzzz")));
    }

    @Test
    void otherDistributionsHaveNoPackageUrlsYetAndAreValid() throws Exception {
        var fedora = new FinishedBuild(new BuildId("k3f9x2ma"), "fedora", HostKind.QEMU);

        assertThat(purls(tree(fedora))).isEmpty();
        assertThat(CycloneDxSchema.problems(sbom(fedora))).isEmpty();
        var references = strings(tree(fedora).at("/dependencies/1/dependsOn"));
        assertThat(references).hasSize(5).hasSameSizeAs(new HashSet<>(references));
    }

    @Test
    void anImageWithoutPackagesAndFromAnOlderFactoryIsValid() throws Exception {
        var build = FinishedBuild.of("k3f9x2ma");
        var text = attester().sbom(build.build(), build.inputs(), build.oldImage(), PackageList.parse(""));

        assertThat(CycloneDxSchema.problems(text)).isEmpty();
        assertThat(JSON.readTree(text).at("/metadata/timestamp").asString()).isEqualTo("2026-11-22T10:00:00Z");
    }

    private static List<String> purls(JsonNode bom) {
        return bom.get("components")
                .valueStream()
                .filter(component -> component.has("purl"))
                .map(component -> component.get("purl").asString())
                .toList();
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static JsonNode tree(FinishedBuild build) throws Exception {
        return JSON.readTree(sbom(build));
    }

    private static String sbom(FinishedBuild build) throws Exception {
        return attester().sbom(build.build(), build.inputs(), build.image(), FinishedBuild.packages());
    }

    private static ReleaseAttester attester() {
        return new ReleaseAttester("ab12cd", "1.2.3");
    }
}
