package org.ifaas.factory.image;

import java.nio.file.Path;
import org.ifaas.factory.pipeline.StageLog;

/** Where nothing is to be converted. */
public final class NoConverter implements Converter {
    @Override
    public void convert(Path qcow2, DiskFormat format, Path to, StageLog log) {
        throw new AssertionError("converted to " + format);
    }
}
