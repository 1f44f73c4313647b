package org.ifaas.factory.fact;

import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 11: the hashdeep audit set of every file inside the image.
 *
 * @param auditKey key in the artifact store; null when the file system can't be read on the factory
 * @param files how many files it lists
 */
public record ImageHashed(@Nullable String auditKey, long files) implements Fact {}
