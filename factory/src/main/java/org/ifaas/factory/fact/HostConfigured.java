package org.ifaas.factory.fact;

import java.util.Map;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 5: the builder's packages are installed.
 *
 * @param tools package to version
 */
public record HostConfigured(Map<String, String> tools) implements Fact {}
