package org.ifaas.factory.image;

import java.nio.file.Path;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Writes a disk in another format. The same disk gives the same bytes. */
public interface Converter {
    /**
     * @param qcow2 whose header was checked; absolute
     * @param to absolute; what an end before its time has left there is the caller's to remove
     * @param log hears how far it has come
     * @throws StageFailure blaming the FACTORY when there is no space for it, else the IMAGE
     */
    void convert(Path qcow2, DiskFormat format, Path to, StageLog log) throws StageFailure, InterruptedException;
}
