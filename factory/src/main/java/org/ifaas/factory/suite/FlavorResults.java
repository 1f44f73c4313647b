package org.ifaas.factory.suite;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.fact.Inputs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stage 9 has found on each flavor so far, as the JUnit XML in the artifact store has it; also of an image that failed. */
public record FlavorResults(ArtifactStore store, String folder) {
    private static final Logger LOG = LoggerFactory.getLogger(FlavorResults.class);
    private static final String ATTEMPT = "attempt";
    private static final String ACCELERATOR = "accelerator";
    private static final String SHA256 = "sha256";
    private static final String FLAVOR = "flavor";
    public static final String BOOT = "boot_seconds";

    public static FlavorResults of(ArtifactStore store, Inputs inputs) {
        return new FlavorResults(store, inputs.releaseFolder() + "/files/test-results");
    }

    public String folder(String flavor) {
        return folder + "/" + flavor;
    }

    public String key(String flavor) {
        return folder(flavor) + "/results.xml";
    }

    /** With which its XML says what it is of. */
    public static Map<String, String> properties(String flavor, String accelerator, String sha256, int attempt) {
        return Map.of(FLAVOR, flavor, ACCELERATOR, accelerator, SHA256, sha256, ATTEMPT, Integer.toString(attempt));
    }

    /** Of those that this attempt has come to. */
    public List<Flavor> of(List<String> flavors, int attempt) {
        var found = new ArrayList<Flavor>();
        for (var flavor : flavors) {
            read(flavor)
                    .filter(xml -> xml.is(ATTEMPT, Integer.toString(attempt)))
                    .ifPresent(xml -> found.add(xml.flavor(flavor)));
        }
        return found;
    }

    /** Whether this attempt has found that the image, of that digest, passes on it. */
    public boolean passed(String flavor, String sha256, int attempt) {
        return read(flavor)
                .filter(xml -> xml.is(ATTEMPT, Integer.toString(attempt)) && xml.is(SHA256, sha256))
                .map(xml -> xml.flavor(flavor))
                .filter(found -> found.failed() == 0 && found.passed() > 0)
                .isPresent();
    }

    /** What can't be read is as good as not there. */
    private Optional<Xml> read(String flavor) {
        if (!store.exists(key(flavor))) {
            return Optional.empty();
        }
        try (var in = store.open(key(flavor))) {
            return Optional.of(Xml.read(in)).filter(xml -> xml.is(FLAVOR, flavor));
        } catch (IOException | XMLStreamException | NumberFormatException e) {
            LOG.warn("{} can't be read: {}", store.path(key(flavor)), e.getMessage());
            return Optional.empty();
        }
    }

    private record Xml(int tests, int failures, int skipped, Map<String, String> properties) {
        private static final XMLInputFactory READER = XMLInputFactory.newDefaultFactory();

        static {
            READER.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        }

        static Xml read(InputStream in) throws XMLStreamException {
            var reader = READER.createXMLStreamReader(in);
            int tests = 0;
            int failures = 0;
            int skipped = 0;
            var properties = new TreeMap<String, String>();
            while (reader.hasNext()) {
                if (reader.next() != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                if (reader.getLocalName().equals("testsuites")) {
                    tests = Integer.parseInt(reader.getAttributeValue(null, "tests"));
                    failures = Integer.parseInt(reader.getAttributeValue(null, "failures"));
                    skipped = Integer.parseInt(reader.getAttributeValue(null, "skipped"));
                } else if (reader.getLocalName().equals("property")) {
                    properties.put(reader.getAttributeValue(null, "name"), reader.getAttributeValue(null, "value"));
                }
            }
            return new Xml(tests, failures, skipped, properties);
        }

        boolean is(String property, String value) {
            return value.equals(properties.get(property));
        }

        Flavor flavor(String name) {
            var figures = new TreeMap<String, Double>();
            properties.forEach((property, value) -> {
                if (!List.of(ATTEMPT, ACCELERATOR, SHA256, FLAVOR).contains(property)) {
                    figures.put(property, Double.valueOf(value));
                }
            });
            return new Flavor(
                    name,
                    tests - failures - skipped,
                    failures,
                    skipped,
                    properties.getOrDefault(ACCELERATOR, ""),
                    figures.getOrDefault(BOOT, 0.0),
                    figures);
        }
    }
}
