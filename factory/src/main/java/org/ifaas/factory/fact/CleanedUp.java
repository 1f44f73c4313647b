package org.ifaas.factory.fact;

import java.util.List;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 14: nothing of the build is left but what its requester wants.
 *
 * @param removed what was removed, for people
 */
public record CleanedUp(List<String> removed) implements Fact {}
