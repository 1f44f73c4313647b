package org.ifaas.factory.host;

import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.StageLog;

/** Somebody who could have hosts, and has none. */
public interface NoHosts extends HostProvider {
    @Override
    default BuildHost spawn(HostRequest request, StageLog log) {
        throw new AssertionError("nobody asked for it");
    }

    @Override
    default Optional<BuildHost> find(String name) {
        return Optional.empty();
    }

    @Override
    default void destroy(String name) {}

    @Override
    default List<String> list() {
        return List.of();
    }
}
