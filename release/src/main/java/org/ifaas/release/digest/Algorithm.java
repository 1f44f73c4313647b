package org.ifaas.release.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests the factory uses, by the JDK's providers, whose code uses the CPU's extensions. */
public enum Algorithm {
    MD5("MD5"),
    SHA256("SHA-256"),
    SHA512("SHA-512");

    private final String jdkName;

    Algorithm(String jdkName) {
        this.jdkName = jdkName;
    }

    public MessageDigest start() {
        try {
            return MessageDigest.getInstance(jdkName);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no " + jdkName, missing);
        }
    }
}
