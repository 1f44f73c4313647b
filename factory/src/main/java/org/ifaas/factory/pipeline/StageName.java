package org.ifaas.factory.pipeline;

import java.util.Locale;

/** The fifteen stages, in the order in which they are shown everywhere. */
public enum StageName {
    INITIALIZE("Initialize"),
    SPAWN_BUILD_HOST("Spawn build host"),
    CONNECT_BUILD_HOST("Connect build host"),
    CHECK_OUT_SOURCES("Check out sources"),
    CONFIGURE_BUILD_HOST("Configure build host"),
    PREPARE_RUN("Prepare run"),
    BUILD_IMAGE("Build image"),
    REGISTER_PRIVATE_IMAGE("Register private image"),
    TEST_IMAGE("Test image"),
    SIGN_IMAGE("Sign image"),
    HASH_IMAGE("Hash image"),
    COPY_TO_REGIONS("Copy to regions"),
    REQUEST_PUBLICATION("Request publication"),
    CLEAN_UP("Clean up"),
    DESTROY_BUILD_HOST("Destroy build host");

    private final String title;

    StageName(String title) {
        this.title = title;
    }

    /** 1 to 15. */
    public int number() {
        return ordinal() + 1;
    }

    public String title() {
        return title;
    }

    /** How the stage is written in addresses, file names and on the command line: {@code build-image}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Number and slug, so that files sort in the pipeline's order: {@code 07-build-image}. */
    public String file() {
        return "%02d-%s".formatted(number(), slug());
    }

    /** Runs after success, failure, cancellation and crash, when all the others have ended. */
    public boolean always() {
        return this == CLEAN_UP || this == DESTROY_BUILD_HOST;
    }
}
