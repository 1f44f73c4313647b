package org.ifaas.openstack.client;

import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.StageFailure;

/** One look at a cloud. */
public interface Look {
    Availability at() throws CloudFailure, StageFailure, InterruptedException;

    /** What it finds, or why nothing could be seen. */
    default Availability found() throws InterruptedException {
        try {
            return at();
        } catch (CloudFailure e) {
            return new Availability(false, e.getMessage(), e.mend());
        } catch (StageFailure e) {
            return new Availability(false, e.getMessage(), e.mend());
        }
    }

    /** The same for those who answer whatever happens. */
    static Availability of(Look look) {
        try {
            return look.found();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Availability(false, "interrupted while looking", "Ask again.");
        }
    }
}
