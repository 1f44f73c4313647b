package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildParametersTest {
    @Test
    void an_image_is_enough() throws Exception {
        assertThat(BuildParameters.read("{\"image\":\"debian-12\"}")).isEqualTo(Parameters.of("debian-12"));
    }

    @Test
    void null_is_the_same_as_nothing() throws Exception {
        assertThat(BuildParameters.read("""
                                {"image": "debian-12", "ref": null, "regions": null, "host": null, "keepHost": null, "runTests": null,
                                 "force": null, "requestPublication": null, "copyTo": null, "serialSuffix": null}""")).isEqualTo(Parameters.of("debian-12"));
    }

    @Test
    void every_parameter_can_be_given() throws Exception {
        assertThat(BuildParameters.read("""
                                {"image": "shipped:debian-12", "ref": "feature/x-1.2", "regions": ["west", "east"], "cloud": "mycloud", "host": "qemu",
                                 "keepHost": "4h", "runTests": false, "force": true, "requestPublication": false,
                                 "copyTo": ["a@example.org"], "serialSuffix": "rc1"}"""))
                .isEqualTo(new Parameters(
                        "shipped:debian-12",
                        "feature/x-1.2",
                        List.of("west", "east"),
                        "mycloud",
                        HostChoice.QEMU,
                        Duration.ofHours(4),
                        false,
                        true,
                        false,
                        List.of("a@example.org"),
                        "rc1"));
    }

    @Test
    void what_is_right_can_be_checked_further_when_something_else_is_wrong() throws Exception {
        var asked = BuildParameters.asked(
                "{\"image\":\"x\",\"keepHost\":\"9x\",\"regions\":[\"west\",\"\"],\"cloud\":\"c\",\"a/b\":1}");

        assertThat(asked.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("keepHost", "regions[1]", "a/b");
        assertThat(asked.parameters().cloud()).isEqualTo("c");
        assertThat(asked.parameters().keepHost()).isNull();
        assertThat(asked.parameters().regions()).isEmpty();
        assertThatThrownBy(asked::whole).isInstanceOf(InvalidParameters.class);
        assertThatThrownBy(() -> BuildParameters.asked("{\"image\":7,\"cloud\":\"c\"}"))
                .isInstanceOf(InvalidParameters.class);
    }

    @Test
    void a_test_names_one_image_by_its_id_or_its_file() throws Exception {
        var id = "west/0f6a3a0e-0d5c-4a3e-9f5a-1f2b3c4d5e6f";
        assertThat(BuildParameters.read("{\"image\":\"x\",\"kind\":\"test\",\"imageId\":\"" + id + "\"}"))
                .isEqualTo(Parameters.test("x", id, null));
        assertThat(BuildParameters.read("{\"image\":\"x\",\"kind\":\"test\",\"file\":\"a/b.qcow2\"}"))
                .isEqualTo(Parameters.test("x", null, "a/b.qcow2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'kind':'test'|imageId",
                "'kind':'test','file':'a','imageId':'west/0f6a3a0e-0d5c-4a3e-9f5a-1f2b3c4d5e6f'|imageId",
                "'kind':'test','imageId':'west/../x'|imageId",
                "'kind':'test','file':'a','runTests':false|runTests",
                "'kind':'test','file':'a','keepHost':'4h'|keepHost",
                "'kind':'test','file':'a','copyTo':['a@example.org']|copyTo",
                "'file':'a'|file",
                "'kind':'build','imageId':'west/0f6a3a0e-0d5c-4a3e-9f5a-1f2b3c4d5e6f'|imageId",
                "'kind':'resign'|kind"
            })
    void what_does_not_go_together_with_a_test_is_refused(String given, String field) {
        var json = ("{'image':'x'," + given + "}").replace('\'', '"');
        assertThatThrownBy(() -> BuildParameters.read(json))
                .isInstanceOfSatisfying(
                        InvalidParameters.class,
                        e -> assertThat(e.problems()).singleElement().satisfies(problem -> {
                            assertThat(problem.field()).isEqualTo(field);
                            assertThat(problem.mend()).isNotEmpty();
                        }));
    }

    @ParameterizedTest
    @CsvSource({
        "4h,PT4H",
        "90m,PT1H30M",
        "2d,PT48H",
        "1d12h,PT36H",
        "1h30m,PT1H30M",
        "PT4H,PT4H",
        "P1DT2H,PT26H",
        "7d,PT168H"
    })
    void a_host_is_kept_as_long_as_one_says(String written, Duration meant) throws Exception {
        assertThat(BuildParameters.read("{\"image\":\"x\",\"keepHost\":\"" + written + "\"}")
                        .keepHost())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "4", "h", "4 h", "-4h", "30s", "8d", "0m", "PT0S", "P", "PT", "P1Y", "999d", "4h\\n", "$(id)"
            })
    void but_not_for_ever_or_for_nonsense(String written) {
        var refused = refused("{\"image\":\"x\",\"keepHost\":\"" + written + "\"}");
        assertThat(refused.problems()).extracting(Problem::field).containsExactly("keepHost");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload-pack=touch /tmp/x",
                "-x",
                "$(id)",
                "`id`",
                "a;b",
                "a b",
                "a\\nb",
                "main\\n",
                "a..b",
                "../x",
                "a//b",
                "a/",
                "a.lock",
                "a.lock/b",
                "a@{1}",
                "a^",
                "a~1",
                "a:b",
                "",
                "/a",
                ".a",
                "a/.b",
                "\\u0000"
            })
    void a_hostile_ref_is_refused(String ref) {
        var refused = refused("{\"image\":\"x\",\"ref\":\"" + ref + "\"}");
        assertThat(refused.problems()).extracting(Problem::field).containsExactly("ref");
        assertThat(refused.getMessage())
                .doesNotContain("\u0000")
                .hasLineCount(1)
                .contains("branch, tag or commit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main",
                "v1.2.3",
                "feature/a_b",
                "release@1",
                "6258a18c46101f5a2f88e4a62213eed982006ec0",
                "fix#12"
            })
    void a_plain_ref_is_taken(String ref) throws Exception {
        assertThat(BuildParameters.read("{\"image\":\"x\",\"ref\":\"" + ref + "\"}")
                        .ref())
                .isEqualTo(ref);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "..", "a..b", "A", "-a", "", "a\\n", "a:b:c", ":a", "$(id)"})
    void a_hostile_name_is_refused(String image) {
        assertThat(refused("{\"image\":\"" + image + "\"}").problems())
                .extracting(Problem::field)
                .containsExactly("image");
    }

    @Test
    void all_errors_are_told_at_once() {
        var refused = refused("""
                {"ref": 5, "regions": ["a b"], "host": "quemu", "runTests": "yes", "copyTo": ["x\\nBcc: y@z"],
                 "serialSuffix": "RC-1", "serialsufix": "x"}""");
        assertThat(refused.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "image", "ref", "regions[0]", "host", "runTests", "copyTo[0]", "serialSuffix", "serialsufix");
        assertThat(refused.getMessage())
                .contains("host is “quemu”, which is none of auto, container, qemu, nova. Write qemu.")
                .contains("serialsufix is not a field there. Did you mean serialSuffix?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[", "{\"image\":\"a\",\"image\":\"b\"}", "{\"image\":\"a\"} x", "[[[[[[[[[[[[", "null", "5"
            })
    void what_is_no_json_object_is_refused(String json) {
        assertThat(refused(json).problems()).hasSize(1);
    }

    @Test
    void a_huge_request_is_refused() {
        assertThat(refused("{\"image\":\"" + "a".repeat(100_000) + "\"}").problems())
                .hasSize(1);
        assertThat(refused("[".repeat(60_000)).problems()).hasSize(1);
    }

    private static InvalidParameters refused(String json) {
        var refused = catchThrowableOfType(InvalidParameters.class, () -> BuildParameters.read(json));
        assertThat(refused).isNotNull();
        return refused;
    }
}
