package org.ifaas.factory.fact;

import java.util.List;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 12: a private image in every other region, its digest read back and compared.
 *
 * @param converted one for each disk format that some of them want; null where an older factory has recorded it
 */
public record ImageCopied(List<ImageRef> images, @Nullable List<Converted> converted) implements Fact {}
