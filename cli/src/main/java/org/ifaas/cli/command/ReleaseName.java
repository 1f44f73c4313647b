package org.ifaas.cli.command;

import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.factory.Address;

/** A release as users name it: {@code IMAGE/SERIAL}, or {@code IMAGE} for its newest. */
record ReleaseName(String image, String serial) {
    static ReleaseName of(String text) {
        var parts = text.split("/", -1);
        if (parts.length > 2) {
            throw new Stop(
                    ExitCode.USAGE,
                    "RELEASE " + text + " is no IMAGE/SERIAL",
                    "Write it as 'ifaas releases' says it, or IMAGE for its newest.");
        }
        return new ReleaseName(parts[0], parts.length == 1 ? "latest" : parts[1]);
    }

    /** What is done with it. */
    Address at(String verb) {
        return Address.of("releases", image, serial, verb);
    }
}
