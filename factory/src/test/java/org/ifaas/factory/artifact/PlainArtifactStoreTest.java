package org.ifaas.factory.artifact;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class PlainArtifactStoreTest extends ArtifactStoreContract {
    @TempDir
    Path folder;

    private ArtifactStore store;

    @BeforeEach
    void make() {
        store = new PlainArtifactStore(folder);
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }
}
