package org.ifaas.server.console;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.ifaas.factory.artifact.ArtifactStore;

/** The tests of an image, from the JUnit XML that the factory has written. */
public final class TestResults {
    private static final XMLInputFactory XML = factory();

    private TestResults() {}

    /**
     * @param suite after the flavor, where there are several
     * @param problem what was wrong, or why it was skipped; empty when it passed
     */
    public record Result(String suite, String name, Shown state, String problem) {}

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    static List<Result> read(ArtifactStore store, List<String> keys) throws IOException {
        var results = new ArrayList<Result>();
        for (var key : keys) {
            if (key.endsWith(".xml") && store.exists(key)) {
                try (var in = store.open(key)) {
                    var reader = XML.createXMLStreamReader(in);
                    read(reader, results);
                    reader.close();
                } catch (XMLStreamException e) {
                    results.add(new Result(
                            key,
                            "the results can't be read",
                            new Shown("✖", "failed", "bad"),
                            String.valueOf(e.getMessage())));
                }
            }
        }
        return results;
    }

    private static void read(XMLStreamReader reader, List<Result> results) throws XMLStreamException {
        var flavor = "";
        var suite = "";
        var name = "";
        var state = passed();
        var problem = "";
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                switch (reader.getLocalName()) {
                    case "property" -> {
                        if (attribute(reader, "name").equals("flavor")) {
                            flavor = attribute(reader, "value") + ": ";
                        }
                    }
                    case "testcase" -> {
                        suite = flavor + attribute(reader, "classname");
                        name = attribute(reader, "name");
                        state = passed();
                        problem = "";
                    }
                    case "failure", "error" -> {
                        state = new Shown("✖", "failed", "bad");
                        problem = attribute(reader, "message");
                    }
                    case "skipped" -> {
                        state = new Shown("–", "skipped", "calm");
                        problem = attribute(reader, "message");
                    }
                    default -> {}
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && reader.getLocalName().equals("testcase")) {
                results.add(new Result(suite, name, state, problem));
            }
        }
    }

    private static Shown passed() {
        return new Shown("✔", "passed", "good");
    }

    private static String attribute(XMLStreamReader reader, String name) {
        var value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
