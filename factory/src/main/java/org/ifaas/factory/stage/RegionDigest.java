package org.ifaas.factory.stage;

import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** Compares what a region says it stores with what the factory measured, in the algorithm that the region names. */
final class RegionDigest {
    private RegionDigest() {}

    static void compare(RegionImage image, Measured measured) throws StageFailure {
        var expected = switch (image.hashAlgorithm()) {
            case "sha512" -> measured.digests().sha512();
            case "sha256" -> measured.digests().sha256();
            case "md5" -> measured.digests().md5();
            default ->
                throw failure(
                        image, "names the digest algorithm " + image.hashAlgorithm() + ", which is not known here");
        };
        if (image.size() != measured.size()) {
            throw failure(image, "stores " + image.size() + " bytes instead of " + measured.size());
        }
        if (!expected.equalsIgnoreCase(image.hashValue())) {
            throw failure(
                    image, "stores " + image.hashAlgorithm() + " " + image.hashValue() + " instead of " + expected);
        }
    }

    /** Whether it is whole and has these bytes. */
    static boolean isOf(RegionImage image, Measured measured) {
        try {
            compare(image, measured);
            return image.status().equals("active");
        } catch (StageFailure other) {
            return false;
        }
    }

    private static StageFailure failure(RegionImage image, String what) {
        return new StageFailure(
                Blame.CLOUD,
                "region " + image.ref().region() + ", image " + image.ref().id() + ": it " + what,
                "The region's storage has changed the image: look at it before a retry.");
    }
}
