package org.ifaas.factory.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Checks a release the way a customer does: with {@code gpgv}, {@code sha256sum}, {@code hashdeep} and {@code jq}. */
public interface Verifier {
    /** @param fingerprint of the one key that may have signed; the key that a release brings along says nothing */
    List<Check> verify(Path release, String fingerprint) throws IOException, InterruptedException;

    /**
     * @param name what was checked, for people
     * @param command the command line that a customer would type
     * @param output what it printed, at most 16 KiB
     * @param mend what to do next; empty when it has passed
     */
    record Check(String name, String command, boolean passed, String output, String mend) {}
}
