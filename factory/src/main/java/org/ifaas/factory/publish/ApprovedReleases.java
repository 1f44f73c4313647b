package org.ifaas.factory.publish;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The factory, as a region's publisher reaches it. */
public interface ApprovedReleases {
    /** What waits for the region, oldest approval first. */
    List<ApprovedRelease> waiting() throws Unreachable;

    /**
     * Says how far it has come.
     *
     * @return as it is then
     * @throws Unreachable when it may not have been heard: it is said again the next time
     */
    ApprovedRelease report(ApprovedRelease release, RegionState state, @Nullable String reason) throws Unreachable;

    /** The factory gave no good answer. */
    final class Unreachable extends Exception {
        private static final long serialVersionUID = 1L;
        private final String mend;

        public Unreachable(String what, String mend, @Nullable Throwable cause) {
            super(what, cause);
            this.mend = mend;
        }

        public String mend() {
            return mend;
        }
    }
}
