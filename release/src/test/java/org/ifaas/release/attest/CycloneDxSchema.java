package org.ifaas.release.attest;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.cyclonedx.Version;

/** The official schema of CycloneDX 1.6, as CycloneDX' own library for Java ships it. */
final class CycloneDxSchema {
    private static final String BASE = "http://cyclonedx.org/schema/";
    private static final String BOM = "bom-1.6.schema.json";

    private CycloneDxSchema() {}

    static List<String> problems(String json) throws IOException {
        return schema().validate(json, InputFormat.JSON).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    private static Schema schema() throws IOException {
        var schemas = Map.of(
                BASE + BOM, text(BOM),
                BASE + "spdx.schema.json", text("spdx.schema.json"),
                BASE + "jsf-0.82.schema.json", text("jsf-0.82.schema.json"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7, registry -> registry.schemas(schemas))
                .getSchema(SchemaLocation.of(BASE + BOM));
    }

    private static String text(String name) throws IOException {
        try (var in = Version.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
