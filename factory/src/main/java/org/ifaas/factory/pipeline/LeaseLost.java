package org.ifaas.factory.pipeline;

/** Another node has taken the build over: stop at once, touch nothing. */
public final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseLost(Lease lease) {
        super("build " + lease.build() + " was taken over by another node (epoch " + lease.epoch()
                + " is no longer the newest)");
    }
}
