package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the requester of a build may choose, as published in {@code build-parameters.schema.json}.
 *
 * @param image name of the image definition
 * @param ref git ref (branch, tag or commit) of the definitions' repository; null for the repository's default
 * @param regions regions to copy to, the first being the home region; empty for those of the definition
 * @param cloud where build host, test instances and regions are by default; null for this machine and its own regions
 * @param host which kind of build host
 * @param keepHost how long the build host is kept after the build; null to destroy it at once
 * @param runTests false makes a release that can't be published
 * @param force builds although nothing has changed since the last good release
 * @param requestPublication whether stage 13 asks for publication
 * @param copyTo further mail addresses that hear how the build ended
 * @param serialSuffix appended to the serial, such as {@code rc1}; null for none
 */
public record Parameters(
        String image,
        @Nullable String ref,
        List<String> regions,
        @Nullable String cloud,
        HostChoice host,
        @Nullable Duration keepHost,
        boolean runTests,
        boolean force,
        boolean requestPublication,
        List<String> copyTo,
        @Nullable String serialSuffix) {

    public Parameters {
        regions = List.copyOf(regions);
        copyTo = List.copyOf(copyTo);
    }

    /** {@code AUTO} lets the factory choose, and say why. */
    public enum HostChoice {
        AUTO,
        CONTAINER,
        QEMU,
        NOVA
    }

    public Parameters withKeptHost(@Nullable Duration howLong) {
        return new Parameters(
                image, ref, regions, cloud, host, howLong, runTests, force, requestPublication, copyTo, serialSuffix);
    }

    /** The parameters of a plain {@code ifaas build IMAGE}. */
    public static Parameters of(String image) {
        return new Parameters(image, null, List.of(), null, HostChoice.AUTO, null, true, false, true, List.of(), null);
    }
}
