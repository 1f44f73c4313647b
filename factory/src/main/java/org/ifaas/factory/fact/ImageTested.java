package org.ifaas.factory.fact;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 9: a booted instance passed the suite, on every flavor that the definition names.
 *
 * @param skipped the requester wanted no tests; the release can't be published
 * @param passed on all flavors together
 * @param accelerator {@code KVM} or {@code TCG}; empty when skipped
 * @param bootSeconds from power-on to the first SSH login; on the first flavor, as the figures are
 * @param figures further figures by name, such as {@code iperf3_to_factory_mbit_per_s}
 * @param flavors what was found on each; empty when the definition names none, or an older factory tested
 */
public record ImageTested(
        boolean skipped,
        int passed,
        int skippedTests,
        String accelerator,
        double bootSeconds,
        Map<String, Double> figures,
        List<String> resultKeys,
        @Nullable List<Flavor> flavors)
        implements Fact {

    public static final ImageTested NOT_RUN = new ImageTested(true, 0, 0, "", 0, Map.of(), List.of(), List.of());

    public ImageTested {
        flavors = flavors == null ? List.of() : List.copyOf(flavors);
    }

    @Override
    public List<Flavor> flavors() {
        return Objects.requireNonNull(flavors);
    }

    /**
     * The image on one flavor.
     *
     * @param bootSeconds 0 where it was not reached
     */
    public record Flavor(
            String name,
            int passed,
            int failed,
            int skipped,
            String accelerator,
            double bootSeconds,
            Map<String, Double> figures) {}
}
