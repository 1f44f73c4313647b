package org.ifaas.factory.fact;

import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 6: directories, names and public keyrings are on the host.
 *
 * @param workFolder on the host
 */
public record RunPrepared(String workFolder, BuildPlan plan) implements Fact {}
