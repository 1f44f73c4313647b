package org.ifaas.factory.fact;

import java.util.List;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Fact;

/** Stage 12: a private image in every other region, its digest read back and compared. */
public record ImageCopied(List<ImageRef> images) implements Fact {}
