package org.ifaas.factory.pipeline;

/** Who has to act when a stage fails. */
public enum Blame {
    /** Who asked, for what there is not: another ref, region, cloud or host has to be asked for. Never retried by itself. */
    REQUEST,
    /** The definition or the image itself: the same again would fail again. Never retried by itself. */
    IMAGE,
    /** The build host: retried on a fresh one. */
    HOST,
    /** A cloud, a region or a mirror: retried on a fresh host. */
    CLOUD,
    /** The factory or the machine it runs on: its operator has to act. Not retried by itself. */
    FACTORY;

    /** Whether a new attempt may help without anybody acting. */
    public boolean retriable() {
        return this == HOST || this == CLOUD;
    }
}
