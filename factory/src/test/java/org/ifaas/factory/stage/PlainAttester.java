package org.ifaas.factory.stage;

import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.signing.Attester;

/** Says what it was asked to say, in few words. */
record PlainAttester() implements Attester {
    @Override
    public String sbom(Build build, Inputs inputs, ImageBuilt image, PackageList packages) {
        var first = packages.packages().getFirst();
        return "sbom of " + first.name() + " " + first.version();
    }

    @Override
    public String provenance(Build build, Inputs inputs, ImageBuilt image) {
        return "provenance of " + build.id();
    }

    @Override
    public String conversion(ImageBuilt image, ReleaseSealed release, Converted converted) {
        return "%s of %s in %s is %s"
                .formatted(
                        converted.format(),
                        image.measured().digests().sha256(),
                        release.checksumsSha256(),
                        converted.measured().digests().sha256());
    }
}
