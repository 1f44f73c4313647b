package org.ifaas.factory.publish;

/** Knows the key that releases have to be sealed with. */
public interface ReleaseReader {
    /**
     * @param checksums {@code SHA256SUMS}
     * @param signature of it, armored
     * @throws NotApproved when the pinned key has not signed them
     */
    void check(String checksums, String signature) throws NotApproved;

    /**
     * @param envelope an in-toto statement in a DSSE envelope, as JSON
     * @throws NotApproved when the pinned key has not signed it, or it is none about a conversion
     */
    Conversion conversion(String envelope) throws NotApproved;
}
