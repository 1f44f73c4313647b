package org.ifaas.factory.image;

class InMemoryRegistryTest extends RegistryContract {
    private final Registry registry = new InMemoryRegistry("west", clock);

    @Override
    protected Registry registry() {
        return registry;
    }
}
