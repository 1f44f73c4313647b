package org.ifaas.server.login;

import org.jspecify.annotations.Nullable;

/** Nobody can say whether the password is right, for now: no server of the directory answers. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
