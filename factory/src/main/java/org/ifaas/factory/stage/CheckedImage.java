package org.ifaas.factory.stage;

import java.io.IOException;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.ImageFiles;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** The look into an image that has come into the store, before any qemu tool sees it. */
record CheckedImage(ArtifactStore store, ImageFiles imageFiles) {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    /**
     * What is refused does not stay. Its disk has to fit where the region is told that it does.
     *
     * @return virtual size in bytes
     */
    long virtualBytes(String key, Inputs inputs) throws StageFailure, IOException {
        try {
            long minDisk = inputs.definition().sizes().minDiskGiB() * GIB;
            return imageFiles.checkQcow2(store.path(key), Math.min(minDisk, mostFileBytes(inputs)));
        } catch (StageFailure failure) {
            if (failure.blame() == Blame.IMAGE) {
                store.delete(key);
            }
            throw failure;
        }
    }

    /** Where the copy of an image under test lies as long as the test goes on. */
    static String underTest(Inputs inputs) {
        return inputs.releaseFolder() + "/image.qcow2";
    }

    /** A qcow2 has some metadata beyond its content. */
    static long mostFileBytes(Inputs inputs) {
        return inputs.definition().sizes().diskMiB() * MIB
                + inputs.definition().sizes().diskMiB() * MIB / 8
                + 64 * MIB;
    }
}
