package org.ifaas.factory.fact;

import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Fact;

/** Stage 8: the image is registered privately in the home region, its digest read back and compared. */
public record ImageRegistered(ImageRef image, String name, String hashAlgorithm, String hashValue) implements Fact {}
