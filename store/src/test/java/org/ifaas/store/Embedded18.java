package org.ifaas.store;

import java.nio.file.Path;
import org.ifaas.store.embedded.EmbeddedPostgres;
import org.ifaas.store.sql.Address;

final class Embedded18 extends TestServer {
    private final Path home = Scratch.folder("embedded");
    private final EmbeddedPostgres server = EmbeddedPostgres.start(home, Scratch.programs());

    @Override
    protected Address address() {
        return server.address();
    }

    @Override
    public int major() {
        return 18;
    }

    @Override
    public void close() {
        server.close();
        Scratch.delete(home);
    }
}
