package org.ifaas.factory.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Checks a release the way a customer does: with {@code gpgv}, {@code sha256sum} and {@code hashdeep}. */
public interface Verifier {
    List<Check> verify(Path release) throws IOException, InterruptedException;

    /**
     * @param name what was checked, for people
     * @param command the command line that a customer would type
     * @param output what it printed, at most 16 KiB
     */
    record Check(String name, String command, boolean passed, String output) {}
}
