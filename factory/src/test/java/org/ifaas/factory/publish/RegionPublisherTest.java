package org.ifaas.factory.publish;

import java.nio.file.Files;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.Registry;

class RegionPublisherTest extends RegionPublisherContract {
    private final InMemoryRegistry region = new InMemoryRegistry("west", clock);

    @Override
    protected Registry registry() {
        return region;
    }

    @Override
    protected void damage(String id) throws Exception {
        Files.write(region.file(id).orElseThrow(), otherBytes());
    }
}
