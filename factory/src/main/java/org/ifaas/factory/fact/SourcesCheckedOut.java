package org.ifaas.factory.fact;

import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 4: exactly that commit is on the host.
 *
 * @param folder the definition's folder on the host
 */
public record SourcesCheckedOut(String commit, String folder) implements Fact {}
