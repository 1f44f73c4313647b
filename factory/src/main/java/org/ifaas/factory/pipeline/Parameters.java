package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the requester of a build may choose, as published in {@code build-parameters.schema.json}.
 *
 * @param image name of the image definition
 * @param ref git ref (branch, tag or commit) of the definitions' repository; null for the repository's default
 * @param regions regions to copy to, the first being the home region; empty for those of the definition
 * @param cloud where build host, test instances and regions are by default; null for this machine and its own regions
 * @param host which kind of build host
 * @param keepHost how long the build host is kept after the build, which builds although nothing has changed; null to destroy it at once
 * @param runTests false makes a release that can't be published
 * @param force builds although nothing has changed since the last good release
 * @param requestPublication whether stage 13 asks for publication
 * @param copyTo further mail addresses that hear how the build ended
 * @param serialSuffix appended to the serial, such as {@code rc1}; null for none
 * @param kind which pipeline; a BUILD where an older factory has recorded none
 * @param imageId of the image to be tested, {@code REGION/ID}; null unless a TEST names one
 * @param file of the image to be tested, below the factory's folder for such files; null unless a TEST names one
 * @param release the build whose release is signed anew; null unless it is a RESIGN
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
        @Nullable String serialSuffix,
        @Nullable Kind kind,
        @Nullable String imageId,
        @Nullable String file,
        @Nullable String release) {

    public Parameters {
        kind = kind == null ? Kind.BUILD : kind;
        regions = List.copyOf(regions);
        copyTo = List.copyOf(copyTo);
    }

    /** Of a build. */
    public Parameters(
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
        this(
                image,
                ref,
                regions,
                cloud,
                host,
                keepHost,
                runTests,
                force,
                requestPublication,
                copyTo,
                serialSuffix,
                Kind.BUILD,
                null,
                null,
                null);
    }

    /** {@code AUTO} lets the factory choose, and say why. */
    public enum HostChoice {
        AUTO,
        CONTAINER,
        QEMU,
        NOVA
    }

    @Override
    public Kind kind() {
        return Objects.requireNonNull(kind);
    }

    public Parameters withKeptHost(@Nullable Duration howLong) {
        return new Parameters(
                image,
                ref,
                regions,
                cloud,
                host,
                howLong,
                runTests,
                force,
                requestPublication,
                copyTo,
                serialSuffix,
                kind,
                imageId,
                file,
                release);
    }

    /** The same, of an image of that name. */
    public Parameters named(String name) {
        return new Parameters(
                name,
                ref,
                regions,
                cloud,
                host,
                keepHost,
                runTests,
                force,
                requestPublication,
                copyTo,
                serialSuffix,
                kind,
                imageId,
                file,
                release);
    }

    /** The parameters of a plain {@code ifaas build IMAGE}. */
    public static Parameters of(String image) {
        return plain(image, Kind.BUILD, null, null, null);
    }

    /** Of a plain {@code ifaas test IMAGE}, by id or by file. */
    public static Parameters test(String image, @Nullable String imageId, @Nullable String file) {
        return plain(image, Kind.TEST, imageId, file, null);
    }

    /** Of {@code ifaas resign RELEASE}. */
    public static Parameters resign(String image, BuildId release) {
        return plain(image, Kind.RESIGN, null, null, release.value());
    }

    private static Parameters plain(
            String image, Kind kind, @Nullable String imageId, @Nullable String file, @Nullable String release) {
        return new Parameters(
                image,
                null,
                List.of(),
                null,
                HostChoice.AUTO,
                null,
                true,
                false,
                true,
                List.of(),
                null,
                kind,
                imageId,
                file,
                release);
    }
}
