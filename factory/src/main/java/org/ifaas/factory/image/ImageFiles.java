package org.ifaas.factory.image;

import java.nio.file.Path;
import org.ifaas.factory.pipeline.StageFailure;

/** Looks into image files that come from hostile hosts, before any qemu tool does. */
public interface ImageFiles {
    /**
     * Reads the qcow2 header: refuses a backing file, an external data file, encryption, unknown incompatible features and
     * sizes that make no sense.
     *
     * @return virtual size in bytes
     * @throws StageFailure blaming the IMAGE
     */
    long checkQcow2(Path file, long mostVirtualBytes) throws StageFailure;
}
