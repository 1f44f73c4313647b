package org.ifaas.factory.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes results in the form that CI systems read as JUnit's: a suite for every script, a case for every test point. */
final class JUnitXml {
    private final XMLStreamWriter xml;

    private JUnitXml(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static void write(SuiteResult result, String name, Map<String, String> properties, OutputStream out)
            throws IOException {
        try {
            var xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
            new JUnitXml(xml).document(result, name, properties);
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException("JUnit XML can't be written: " + e.getMessage(), e);
        }
    }

    private void document(SuiteResult result, String name, Map<String, String> properties) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        attribute("name", name);
        attribute("tests", result.passed() + result.failed() + result.skipped());
        attribute("failures", result.failed());
        attribute("errors", 0);
        attribute("skipped", result.skipped());
        var took = result.scripts().stream().map(ScriptResult::took).reduce(Duration.ZERO, Duration::plus);
        attribute("time", seconds(took));
        // Readers expect properties inside a suite: the first has those of the whole.
        var all = new TreeMap<>(properties);
        result.figures().forEach((figure, value) -> all.put(figure, number(value)));
        for (var script : result.scripts()) {
            suite(script, script == result.scripts().getFirst() ? all : Map.of());
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
    }

    private void suite(ScriptResult script, Map<String, String> properties) throws XMLStreamException {
        start(1, "testsuite");
        attribute("name", script.name());
        attribute("tests", script.cases().size());
        attribute("failures", script.count(Outcome.Failed.class));
        attribute("errors", 0);
        attribute("skipped", script.count(Outcome.Skipped.class) + script.count(Outcome.Warned.class));
        attribute("time", seconds(script.took()));
        attribute("timestamp", script.started().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!properties.isEmpty()) {
            start(2, "properties");
            for (var property : properties.entrySet()) {
                start(3, "property");
                attribute("name", property.getKey());
                attribute("value", property.getValue());
                xml.writeEndElement();
            }
            end(2);
        }
        for (var test : script.cases()) {
            testCase(script, test);
        }
        start(2, "system-out");
        xml.writeCharacters(legal(script.tap()));
        xml.writeEndElement();
        end(1);
    }

    private void testCase(ScriptResult script, TestCase test) throws XMLStreamException {
        start(2, "testcase");
        attribute("name", test.name());
        attribute("classname", script.name());
        switch (test.outcome()) {
            case Outcome.Passed() -> {}
            case Outcome.Failed(String why) -> {
                start(3, "failure");
                attribute("message", why.lines().findFirst().orElse("failed"));
                attribute("type", "not ok");
                xml.writeCharacters(legal(why));
                xml.writeEndElement();
                xml.writeCharacters("\n    ");
            }
            case Outcome.Skipped(String reason) -> skipped(reason, test);
            case Outcome.Warned(String reason) -> skipped(reason, test);
        }
        xml.writeEndElement();
    }

    private void skipped(String reason, TestCase test) throws XMLStreamException {
        start(3, "skipped");
        attribute("message", reason);
        xml.writeCharacters(legal(String.join("\n", test.details())));
        xml.writeEndElement();
        xml.writeCharacters("\n    ");
    }

    private void start(int depth, String element) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
        xml.writeStartElement(element);
    }

    private void end(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
        xml.writeEndElement();
    }

    private void attribute(String name, Object value) throws XMLStreamException {
        xml.writeAttribute(name, legal(value.toString()));
    }

    /** Seconds with milliseconds, whatever the locale. */
    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.3f", took.toMillis() / 1000.0);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Without the characters that XML 1.0 has no way to write. */
    static String legal(String text) {
        var legal = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean allowed = c == '\t'
                    || c == '\n'
                    || c == '\r'
                    || c >= 0x20 && c <= 0xD7FF
                    || c >= 0xE000 && c <= 0xFFFD
                    || c >= 0x10000;
            legal.appendCodePoint(allowed ? c : 0xFFFD);
        });
        return legal.toString();
    }
}
