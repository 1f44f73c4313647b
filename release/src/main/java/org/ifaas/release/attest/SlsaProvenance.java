package org.ifaas.release.attest;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Build;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * SLSA provenance v1 in an in-toto statement v1. All of it is what the factory knows by itself: a build host, which runs the
 * definition's code, has no say in it. Left out are mail addresses and addresses of mirrors and repositories, which are not
 * the customers' business, and how long a host was kept, which comes after the image.
 */
record SlsaProvenance(Build build, Inputs inputs, ImageBuilt image, String factoryId, String version) {
    private static final String BUILD_TYPE = "urn:ifaas:image-build:v1";
    private static final String FACTORY = "urn:ifaas:factory:";

    ObjectNode write(ObjectNode statement) {
        statement.put("_type", "https://in-toto.io/Statement/v1");
        var digests = image.measured().digests();
        statement
                .putArray("subject")
                .addObject()
                .put("name", image.key().substring(image.key().lastIndexOf('/') + 1))
                .putObject("digest")
                .put("sha256", digests.sha256())
                .put("sha512", digests.sha512());
        statement.put("predicateType", "https://slsa.dev/provenance/v1");
        var predicate = statement.putObject("predicate");
        var definition = predicate.putObject("buildDefinition").put("buildType", BUILD_TYPE);
        parameters(definition.putObject("externalParameters"));
        definition
                .putObject("internalParameters")
                .put("serial", inputs.serial())
                .put("sourceDate", inputs.sourceDate().toString());
        dependencies(definition.putArray("resolvedDependencies"));
        var run = predicate.putObject("runDetails");
        run.putObject("builder").put("id", builder()).putObject("version").put("ifaas", version);
        var metadata = run.putObject("metadata").put("invocationId", build.id().value());
        time("startedOn", image.started(), metadata);
        time("finishedOn", image.finished(), metadata);
        return statement;
    }

    /** Kinds of hosts differ in how well they keep a build to itself, so each is a builder of its own. */
    private String builder() {
        return FACTORY + factoryId + ":"
                + Objects.requireNonNull(inputs.hostKind()).name().toLowerCase(Locale.ROOT);
    }

    private void parameters(ObjectNode external) {
        var asked = build.parameters();
        external.put("image", asked.image());
        if (asked.ref() != null) {
            external.put("ref", asked.ref());
        }
        texts("regions", asked.regions(), external);
        external.put("host", asked.host().name().toLowerCase(Locale.ROOT));
        external.put("runTests", asked.runTests());
        external.put("force", asked.force());
        external.put("requestPublication", asked.requestPublication());
        if (asked.serialSuffix() != null) {
            external.put("serialSuffix", asked.serialSuffix());
        }
        definition(inputs.definition(), external.putObject("definition"));
    }

    private void definition(ImageDefinition definition, ObjectNode to) {
        to.put("repository", inputs.source().repository());
        to.put("path", inputs.source().path());
        to.put("title", definition.title());
        to.put("builder", definition.builder());
        to.put("publishAs", definition.publishAs());
        to.put("description", definition.description());
        var os = definition.os();
        to.putObject("os")
                .put("distro", os.distro())
                .put("version", os.version())
                .put("codename", os.codename())
                .put("user", os.user());
        to.put("architecture", definition.architecture());
        to.put("firmware", definition.firmware().name().toLowerCase(Locale.ROOT));
        var sizes = definition.sizes();
        to.putObject("sizes")
                .put("diskMib", sizes.diskMiB())
                .put("minDiskGib", sizes.minDiskGiB())
                .put("minRamMib", sizes.minRamMiB());
        to.put("compression", definition.compression());
        var tests = definition.tests();
        var suite = to.putObject("tests").put("suite", tests.suite());
        texts("own", tests.own(), suite);
        suite.put("bootBudgetSeconds", tests.bootBudgetSeconds()).put("twoInstances", tests.twoInstances());
        if (!tests.flavors().isEmpty()) {
            texts("flavors", tests.flavors(), suite);
        }
        texts("properties", definition.properties(), to);
        to.put("replaceFrequency", definition.replaceFrequency());
        texts("regions", definition.regions(), to);
        to.put("copyBeforeTest", definition.copyBeforeTest());
        texts("options", definition.options(), to);
        if (!definition.stages().isEmpty()) {
            var stages = to.putArray("stages");
            for (var own : definition.stages()) {
                stages.addObject()
                        .put("name", own.name())
                        .put(own.before() ? "before" : "after", own.stage())
                        .put("script", own.script());
            }
        }
    }

    private void dependencies(ArrayNode dependencies) {
        var source = inputs.source();
        dependencies
                .addObject()
                .put("name", source.repository() + ":" + source.path())
                .putObject("digest")
                .put("gitCommit", source.commit());
        for (var mirror : image.mirrorsSince(inputs)) {
            var release = dependencies.addObject().put("name", mirror.source().suite() + "/InRelease");
            release.putObject("digest").put("sha256", mirror.releaseDigest());
            release.putObject("annotations").put("date", mirror.date().toString());
        }
        inputs.tools()
                .forEach((tool, installed) -> dependencies
                        .addObject()
                        .put("name", tool)
                        .put("uri", PackageUrl.deb("debian", tool, installed, Map.of())));
    }

    private static void time(String name, @Nullable Instant time, ObjectNode metadata) {
        if (time != null) {
            metadata.put(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    private static void texts(String name, List<String> texts, ObjectNode to) {
        var array = to.putArray(name);
        texts.forEach(array::add);
    }

    private static void texts(String name, Map<String, String> texts, ObjectNode to) {
        var object = to.putObject(name);
        new TreeMap<>(texts).forEach(object::put);
    }
}
