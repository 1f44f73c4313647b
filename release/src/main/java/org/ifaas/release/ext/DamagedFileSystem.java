package org.ifaas.release.ext;

import java.io.IOException;

/** A file system that contradicts itself, by accident or on purpose. */
public final class DamagedFileSystem extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFileSystem(String message) {
        super(message);
    }
}
