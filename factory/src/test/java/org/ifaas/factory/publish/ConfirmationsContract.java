package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.publish.Confirmation.Evidence;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What all {@link Confirmations} keep. */
public interface ConfirmationsContract {
    Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    /** The same for a whole test. */
    Journal journal();

    Confirmations confirmations();

    private Confirmation said(BuildId build, String step, boolean confirmed, @Nullable Evidence evidence) {
        return new Confirmation(build, step, "ab", confirmed, "bea", T0, "“ä” \n 𝄞", evidence);
    }

    private BuildId build() {
        return journal()
                .create(BuildId.random(), Parameters.of("debian-12"), "anna", T0)
                .id();
    }

    @Test
    default void what_was_said_is_found_by_its_build_and_in_the_order_of_the_steps() {
        var build = build();
        var scan = said(build, "scan", true, new Evidence("report.pdf", "builds/x/report.pdf", 7, "cd"));
        var legal = said(build, "legal", false, new Evidence("https://example.org/7", null, 0, null));
        confirmations().record(scan);
        confirmations().record(legal);
        confirmations().record(said(build(), "scan", true, null));
        assertThat(confirmations().of(build)).containsExactly(legal, scan);
        assertThat(confirmations().of(BuildId.random())).isEmpty();
    }

    @Test
    default void the_last_word_on_a_step_counts() {
        var build = build();
        confirmations().record(said(build, "scan", false, new Evidence("a", "k", 7, "cd")));
        confirmations().record(said(build, "scan", true, null));
        assertThat(confirmations().of(build)).containsExactly(said(build, "scan", true, null));
    }
}
