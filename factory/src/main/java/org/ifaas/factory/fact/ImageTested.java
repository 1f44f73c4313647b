package org.ifaas.factory.fact;

import java.util.List;
import java.util.Map;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 9: a booted instance passed the suite.
 *
 * @param skipped the requester wanted no tests; the release can't be published
 * @param accelerator {@code KVM} or {@code TCG}; empty when skipped
 * @param bootSeconds from power-on to the first SSH login
 * @param figures further figures by name, such as {@code iperf3_to_factory_mbit_per_s}
 */
public record ImageTested(
        boolean skipped,
        int passed,
        int skippedTests,
        String accelerator,
        double bootSeconds,
        Map<String, Double> figures,
        List<String> resultKeys)
        implements Fact {}
