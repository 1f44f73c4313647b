package org.ifaas.factory.fact;

import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 13: a publication request is recorded, or the release is complete without one.
 *
 * @param requested whether there is one
 * @param why in words
 */
public record PublicationRequested(boolean requested, String why) implements Fact {}
