package org.ifaas.factory.image;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.source.AptSource;

/**
 * @param definitionFolder the definition's folder as checked out on the host
 * @param workFolder an empty folder on the host for this build
 * @param outputName file name of the image, without its ending
 * @param mirror where to build from; never becomes content of the image
 * @param keyring the archive's public keyring on the host
 * @param sourceDate for {@code SOURCE_DATE_EPOCH}: the same for the same inputs
 * @param seed hexadecimal, the same for the same inputs: file system UUIDs and the like are derived from it
 */
public record BuilderInputs(
        ImageDefinition definition,
        String definitionFolder,
        String workFolder,
        String outputName,
        List<AptSource> mirror,
        String keyring,
        Instant sourceDate,
        String seed) {}
