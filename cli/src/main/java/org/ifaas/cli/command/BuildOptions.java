package org.ifaas.cli.command;

import java.util.List;
import java.util.Locale;
import org.ifaas.api.BuildRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The parameters of a build. Only the factory knows what is right, so nothing is checked here twice. */
final class BuildOptions {
    /** Which kind of build host. */
    enum Host {
        AUTO,
        CONTAINER,
        QEMU,
        NOVA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "Git branch, tag or commit of the definitions' repository.")
    @Nullable
    String ref;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            split = ",",
            description = "Regions to copy to, the first being the home region. Default: those of the definition.")
    @Nullable
    List<String> regions;

    @Option(
            names = "--cloud",
            paramLabel = "NAME",
            description =
                    "Build, test and register in this cloud of the factory's configuration. Default: this machine.")
    @Nullable
    String cloud;

    @Option(
            names = "--host",
            paramLabel = "KIND",
            description = "Kind of build host: ${COMPLETION-CANDIDATES}. Default: auto.")
    @Nullable
    Host host;

    @Option(
            names = "--keep-host",
            paramLabel = "TIME",
            description = "Keep the build host after the build for so long, such as 30m, 4h or 2d."
                    + " Builds although nothing has changed.")
    @Nullable
    String keepHost;

    @Option(names = "--no-tests", description = "Do not test the image. Its release can't be published.")
    boolean noTests;

    @Option(names = "--force", description = "Build although nothing has changed since the last good release.")
    boolean force;

    @Option(names = "--no-publication", description = "Do not ask for publication.")
    boolean noPublication;

    @Option(
            names = "--copy-to",
            paramLabel = "MAIL",
            split = ",",
            description = "Further mail addresses that hear how the build ended.")
    @Nullable
    List<String> copyTo;

    @Option(names = "--serial-suffix", paramLabel = "TEXT", description = "Appended to the serial, such as rc1.")
    @Nullable
    String serialSuffix;

    BuildRequest request(String image) {
        return new BuildRequest(
                image,
                ref,
                regions,
                cloud,
                host == null ? null : host.toString(),
                keepHost,
                noTests ? false : null,
                force ? true : null,
                noPublication ? false : null,
                copyTo,
                serialSuffix);
    }
}
