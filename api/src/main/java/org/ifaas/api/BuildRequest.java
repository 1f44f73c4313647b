package org.ifaas.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/builds}. All but {@code image} may be missing; checked against {@code build-parameters.schema.json}. */
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
        @Nullable String serialSuffix) {}
