package org.ifaas.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/builds}. All but {@code image} may be missing; checked against {@code build-parameters.schema.json}.
 *
 * @param kind build or test; of a build that signs a release anew, resign
 * @param imageId of the image under test, {@code REGION/ID}
 * @param file of the image under test, below the factory's folder for them
 */
public record BuildRequest(
        String image,
        @Nullable String ref,
        @Nullable List<String> regions,
        @Nullable String cloud,
        @Nullable String host,
        @Nullable String keepHost,
        @Nullable Boolean runTests,
        @Nullable Boolean force,
        @Nullable Boolean requestPublication,
        @Nullable List<String> copyTo,
        @Nullable String serialSuffix,
        @Nullable String kind,
        @Nullable String imageId,
        @Nullable String file) {

    /** Of a build. */
    public BuildRequest(
            String image,
            @Nullable String ref,
            @Nullable List<String> regions,
            @Nullable String cloud,
            @Nullable String host,
            @Nullable String keepHost,
            @Nullable Boolean runTests,
            @Nullable Boolean force,
            @Nullable Boolean requestPublication,
            @Nullable List<String> copyTo,
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
                null,
                null,
                null);
    }
}
