package org.ifaas.factory.pipeline;

/** How an attempt ended, or why it goes on later. */
sealed interface Outcome {
    BuildState state();

    String reason();

    /** Whether a new attempt may help without anybody acting. */
    default boolean retriable() {
        return false;
    }

    /** @param reason what is true now, in words */
    record Succeeded(String reason) implements Outcome {
        @Override
        public BuildState state() {
            return BuildState.SUCCEEDED;
        }
    }

    /** @param reason in words, naming the release that has the same inputs */
    record Unchanged(String reason) implements Outcome {
        @Override
        public BuildState state() {
            return BuildState.UNCHANGED;
        }
    }

    record Cancelled() implements Outcome {
        @Override
        public BuildState state() {
            return BuildState.CANCELLED;
        }

        @Override
        public String reason() {
            return "cancelled on request";
        }
    }

    record Failed(StageName stage, Blame blame, String message) implements Outcome {
        @Override
        public BuildState state() {
            return BuildState.FAILED;
        }

        @Override
        public String reason() {
            return stage.title() + ": " + message;
        }

        @Override
        public boolean retriable() {
            return blame.retriable();
        }
    }

    /** There is no room for what a stage makes. */
    record Queued(String reason) implements Outcome {
        @Override
        public BuildState state() {
            return BuildState.QUEUED;
        }
    }

    /** All that does not need what one stage could not finish is true. */
    record Partial(Failed missing) implements Outcome {
        @Override
        public BuildState state() {
            return BuildState.PARTIAL;
        }

        @Override
        public String reason() {
            return missing.reason();
        }

        @Override
        public boolean retriable() {
            return missing.retriable();
        }
    }
}
