package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class JUnitXmlTest {
    private static final Instant START = Instant.parse("2026-11-22T22:51:40.5Z");

    private static final SuiteResult RESULT = new SuiteResult(List.of(
            new ScriptResult(
                    "leftovers",
                    List.of(
                            TestCase.passed("no <shell> \"history\""),
                            TestCase.failed("keys", "first line\nsecond & <last>"),
                            TestCase.skipped("mirror", "there was none")),
                    Map.of("boot_seconds", 12.5, "packages", 210.0),
                    "ok 1 ]]> \u0000\u001b[31m \ud800 \uffff é 🏭\n",
                    START,
                    Duration.ofMillis(1234)),
            new ScriptResult(
                    "time",
                    List.of(new TestCase("clock", new Outcome.Warned("a warning"), List.of("drifts"))),
                    Map.of(),
                    "",
                    START,
                    Duration.ofSeconds(2))));

    private static Document read(SuiteResult result) throws Exception {
        var out = new ByteArrayOutputStream();
        result.writeJUnit("debian-12", Map.of("accelerator", "TCG"), out);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(out.toByteArray()));
    }

    private static Element element(Document document, String name, int index) {
        return (Element) document.getElementsByTagName(name).item(index);
    }

    @Test
    void theWholeCountsAllItsCases() throws Exception {
        var root = read(RESULT).getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("testsuites");
        assertThat(root.getAttribute("name")).isEqualTo("debian-12");
        assertThat(root.getAttribute("tests")).isEqualTo("4");
        assertThat(root.getAttribute("failures")).isEqualTo("1");
        assertThat(root.getAttribute("errors")).isEqualTo("0");
        assertThat(root.getAttribute("skipped")).isEqualTo("2");
        assertThat(root.getAttribute("time")).isEqualTo("3.234");
    }

    @Test
    void everyScriptIsASuite() throws Exception {
        var suite = element(read(RESULT), "testsuite", 0);
        assertThat(suite.getAttribute("name")).isEqualTo("leftovers");
        assertThat(suite.getAttribute("tests")).isEqualTo("3");
        assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-11-22T22:51:40Z");
        assertThat(suite.getAttribute("time")).isEqualTo("1.234");
    }

    @Test
    void aFailureTellsItsFirstLineAndAllOfThem() throws Exception {
        var failure = element(read(RESULT), "failure", 0);
        assertThat(failure.getAttribute("message")).isEqualTo("first line");
        assertThat(failure.getTextContent()).isEqualTo("first line\nsecond & <last>");
        assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo("keys");
    }

    @Test
    void skippedCasesAndWarningsTellTheirReason() throws Exception {
        var document = read(RESULT);
        assertThat(element(document, "skipped", 0).getAttribute("message")).isEqualTo("there was none");
        assertThat(element(document, "skipped", 1).getAttribute("message")).isEqualTo("a warning");
        assertThat(element(document, "skipped", 1).getTextContent()).isEqualTo("drifts");
    }

    @Test
    void figuresAndPropertiesAreProperties() throws Exception {
        var document = read(RESULT);
        assertThat(List.of(0, 1, 2))
                .extracting(i -> element(document, "property", i))
                .extracting(property -> property.getAttribute("name") + "=" + property.getAttribute("value"))
                .containsExactly("accelerator=TCG", "boot_seconds=12.5", "packages=210");
    }

    @Test
    void charactersThatXmlCannotHoldAreReplaced() throws Exception {
        assertThat(element(read(RESULT), "system-out", 0).getTextContent())
                .isEqualTo("ok 1 ]]> \ufffd\ufffd[31m \ufffd \ufffd é 🏭\n");
    }

    @Test
    void aResultWithoutScriptsIsAWellFormedDocument() throws Exception {
        assertThat(read(SuiteResult.NONE).getDocumentElement().getAttribute("tests"))
                .isEqualTo("0");
    }
}
