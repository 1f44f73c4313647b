package org.ifaas.factory.publish;

/** How far an approved image has come in one region. */
public enum RegionState {
    WAITING,
    /** The region's image was read back, and is what was approved. */
    VERIFIED,
    /** It has its public name. */
    PUBLISHED,
    /** It was refused, or could not be done: the reason says why. It is tried again. */
    FAILED
}
