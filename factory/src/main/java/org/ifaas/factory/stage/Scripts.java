package org.ifaas.factory.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The shell that runs on hosts: resources beside the stages, a folder each. */
final class Scripts {
    private Scripts() {}

    /** @param path such as {@code 05-configure-build-host/install-packages.sh} */
    static InputStream open(String path) {
        var in = Scripts.class.getResourceAsStream(path);
        if (in == null) {
            throw new UncheckedIOException(new IOException("no resource " + path));
        }
        return in;
    }
}
