package org.ifaas.builders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.BuilderInputs;
import org.ifaas.factory.source.AptSource;

/**
 * A builder's scripts: its folder in the resources with {@code build.sh}, which is the long command, beside the
 * {@code lib.sh} that all builders share. What they are told comes in their environment, never in their text; it is
 * described in {@code docs/builders.md}.
 *
 * @param folder of the resources, which is the builder's name
 * @param files the files in that folder
 */
record BuildScript(String folder, List<String> files) {

    BuildPlan plan(BuilderInputs inputs) {
        var scripts = inputs.workFolder() + "/scripts/";
        var uploads = new HashMap<String, String>();
        uploads.put(scripts + "lib.sh", text("common/lib.sh"));
        files.forEach(file -> uploads.put(scripts + file, text(folder + "/" + file)));
        var image = inputs.workFolder() + "/" + inputs.outputName() + ".qcow2";
        var packages = inputs.workFolder() + "/" + inputs.outputName() + ".packages.tsv";
        var command =
                new Command(List.of(scripts + "build.sh"), environment(inputs, image, packages), inputs.workFolder());
        return new BuildPlan(uploads, command, image, packages);
    }

    private static Map<String, String> environment(BuilderInputs inputs, String image, String packages) {
        var definition = inputs.definition();
        var is = new LinkedHashMap<String, String>();
        definition.options().forEach((name, value) -> is.put("IFAAS_OPTION_" + name, value));
        is.put("IFAAS_NAME", inputs.outputName());
        is.put("IFAAS_DEFINITION", inputs.definitionFolder());
        is.put("IFAAS_DESCRIPTION", description(inputs));
        is.put("IFAAS_WORK", inputs.workFolder());
        is.put("IFAAS_IMAGE", image);
        is.put("IFAAS_PACKAGES", packages);
        is.put("IFAAS_ARCH", definition.architecture());
        is.put("IFAAS_FIRMWARE", definition.firmware().name().toLowerCase(Locale.ROOT));
        is.put("IFAAS_DISTRO", definition.os().distro());
        is.put("IFAAS_VERSION", definition.os().version());
        is.put("IFAAS_CODENAME", definition.os().codename());
        is.put("IFAAS_USER", definition.os().user());
        is.put("IFAAS_DISK_MIB", Integer.toString(definition.sizes().diskMiB()));
        is.put("IFAAS_COMPRESSION", definition.compression());
        is.put(
                "IFAAS_MIRROR",
                String.join("\n", inputs.mirror().stream().map(AptSource::line).toList()));
        is.put("IFAAS_KEYRING", inputs.keyring());
        is.put("IFAAS_SEED", inputs.seed());
        is.put("SOURCE_DATE_EPOCH", Long.toString(inputs.sourceDate().getEpochSecond()));
        return is;
    }

    private static String description(BuilderInputs inputs) {
        var description = inputs.definition().description();
        return description.equals(".") ? inputs.definitionFolder() : inputs.definitionFolder() + "/" + description;
    }

    private static String text(String resource) {
        try (var in = BuildScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing from the builders");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + resource + " can't be read", e);
        }
    }
}
