package org.ifaas.release.attest;

import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.signing.Attester;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** CycloneDX 1.6, SLSA provenance v1, and our own statement about conversions. */
public final class ReleaseAttester implements Attester {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String factoryId;
    private final String version;

    /** @param version of the factory */
    public ReleaseAttester(String factoryId, String version) {
        this.factoryId = factoryId;
        this.version = version;
    }

    @Override
    public String sbom(Build build, Inputs inputs, ImageBuilt image, PackageList packages) {
        var when = image.finished() == null ? build.requested() : image.finished();
        return text(new CycloneDx(inputs, image, packages, when, version).write(JSON.createObjectNode()));
    }

    @Override
    public String provenance(Build build, Inputs inputs, ImageBuilt image) {
        return text(new SlsaProvenance(build, inputs, image, factoryId, version).write(JSON.createObjectNode()));
    }

    @Override
    public String conversion(ImageBuilt image, ReleaseSealed release, Converted converted) {
        return text(ConversionStatement.write(JSON.createObjectNode(), image, release, converted));
    }

    private static String text(ObjectNode json) {
        return JSON.writeValueAsString(json) + "\n";
    }
}
