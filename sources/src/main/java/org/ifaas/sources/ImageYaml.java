package org.ifaas.sources;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.definition.ImageDefinition.CertificationStep;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.definition.ImageDefinition.Os;
import org.ifaas.factory.definition.ImageDefinition.OwnStage;
import org.ifaas.factory.definition.ImageDefinition.Sizes;
import org.ifaas.factory.definition.ImageDefinition.Tests;
import org.ifaas.factory.image.ImageName;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.sources.InvalidDefinition.Located;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads {@code image.yaml}, checked against {@code schemas/image.schema.json}. */
public final class ImageYaml {
    public static final String FILE = "image.yaml";

    private ImageYaml() {}

    private static final class Schema {
        static final PublishedSchema PUBLISHED = new PublishedSchema("image.schema.json");
    }

    /** What lies in the definition's folder, and beside it. */
    @FunctionalInterface
    public interface Contents {
        /** Whether a path inside the folder leads to a file or folder, and not out of the repository. */
        boolean have(String path) throws IOException, InterruptedException;

        /** Another image of the repository with that public name; null when there is none. */
        default @Nullable String alsoNamed(String publishAs) throws IOException, InterruptedException {
            return null;
        }

        /** False for a file that is not executable; where a link leads is not looked at. */
        default boolean mayRun(String path) {
            return true;
        }
    }

    /**
     * @param file how errors name the file
     * @param folder name of the definition's folder
     * @throws InvalidDefinition with all that is wrong, in the order of the file
     */
    public static ImageDefinition read(byte[] content, String file, String folder, Contents contents)
            throws InvalidDefinition, IOException, InterruptedException {
        var document = YamlDocument.read(content, file, ImageYaml::asWritten);
        var problems = Schema.PUBLISHED.check(document.root());
        if (document.root() instanceof ObjectNode definition) {
            Schema.PUBLISHED.fill(definition);
            new DefinitionRules(definition, folder, contents).check(problems);
        }
        if (problems.isEmpty()) {
            var definition = definition(document.root());
            var other = contents.alsoNamed(definition.publishAs());
            if (other == null) {
                return definition;
            }
            problems.put(document.root().has("publish_as") ? "/publish_as" : "/os", named(definition, other));
        }
        var located = new ArrayList<Located>();
        problems.forEach((at, problem) -> located.add(new Located(file, document.line(at), problem)));
        located.sort((a, b) -> Integer.compare(a.line(), b.line()));
        throw new InvalidDefinition(located);
    }

    private static Problem named(ImageDefinition definition, String other) {
        return Problem.of(
                "publish_as",
                definition.publishAs(),
                "is the public name of " + other + " too",
                "Write a publish_as of its own into one of them: without it, the name is made from os, architecture and"
                        + " firmware.");
    }

    private static boolean asWritten(String pointer) {
        return pointer.equals("/os/version") || pointer.startsWith("/properties/") || pointer.startsWith("/options/");
    }

    private static ImageDefinition definition(JsonNode yaml) {
        var sizes = yaml.get("sizes");
        var tests = yaml.get("tests");
        var name = text(yaml, "name");
        var os = os(yaml.get("os"));
        var architecture = text(yaml, "architecture");
        var firmware = text(yaml, "firmware").equals("uefi") ? Firmware.UEFI : Firmware.BIOS;
        int disk = sizes.get("disk_mib").intValue();
        return new ImageDefinition(
                name,
                text(yaml, "title"),
                text(yaml, "builder"),
                yaml.path("publish_as").asString(ImageName.compiled(os, architecture, firmware)),
                text(yaml, "description"),
                os,
                architecture,
                firmware,
                new Sizes(
                        disk,
                        sizes.path("min_disk_gib").asInt(Math.ceilDiv(disk, 1024)),
                        sizes.get("min_ram_mib").intValue()),
                text(yaml, "compression"),
                text(yaml, "owner"),
                texts(yaml.get("team")),
                new Tests(
                        text(tests, "suite"),
                        texts(tests.get("own")),
                        tests.get("boot_budget_seconds").intValue(),
                        tests.get("two_instances").booleanValue(),
                        texts(tests.get("flavors"))),
                map(yaml.get("properties")),
                text(yaml, "replace_frequency"),
                yaml.at("/lifecycle/visible_previous").intValue(),
                texts(yaml.get("regions")),
                yaml.get("copy_before_test").booleanValue(),
                map(yaml.get("options")),
                timing(yaml.path("schedule")),
                stages(yaml.get("stages")),
                certification(yaml.get("certification")));
    }

    private static Os os(JsonNode os) {
        var distro = text(os, "distro");
        var version = text(os, "version");
        return new Os(
                distro,
                version,
                os.path("codename").asString(Codenames.of(distro, version)),
                os.path("user").asString(distro));
    }

    private static List<OwnStage> stages(JsonNode stages) {
        return StreamSupport.stream(stages.spliterator(), false)
                .map(stage -> new OwnStage(
                        text(stage, "name"),
                        stage.has("before"),
                        text(stage, stage.has("before") ? "before" : "after"),
                        text(stage, "script")))
                .toList();
    }

    private static List<CertificationStep> certification(JsonNode steps) {
        return StreamSupport.stream(steps.spliterator(), false)
                .map(step -> new CertificationStep(
                        text(step, "name"),
                        text(step, "title"),
                        step.path("who").asString("")))
                .toList();
    }

    private static @Nullable Timing timing(JsonNode schedule) {
        return schedule.has("cron")
                ? new Timing(
                        text(schedule, "cron"),
                        ZoneId.of(text(schedule, "zone")),
                        CronRules.jitter(text(schedule, "jitter")))
                : null;
    }

    private static String text(JsonNode object, String field) {
        return object.get(field).asString();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static Map<String, String> map(JsonNode object) {
        var map = new TreeMap<String, String>();
        object.propertyStream().forEach(e -> map.put(e.getKey(), e.getValue().asString()));
        return Map.copyOf(map);
    }
}
