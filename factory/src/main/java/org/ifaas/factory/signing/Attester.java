package org.ifaas.factory.signing;

import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.Build;

/**
 * Says what a release holds and what it was made from, in formats that other people's tools read. The same facts give the
 * same text, however often they are asked for: a seal over it stays as it is.
 */
public interface Attester {
    /** The SBOM: the image and its packages, as CycloneDX JSON. */
    String sbom(Build build, Inputs inputs, ImageBuilt image, PackageList packages);

    /** The provenance: an in-toto statement about the image, to be signed. Names no person and no mirror. */
    String provenance(Build build, Inputs inputs, ImageBuilt image);

    /** An in-toto statement, to be signed: that this file is the image of that release in another disk format. */
    String conversion(ImageBuilt image, ReleaseSealed release, Converted converted);
}
