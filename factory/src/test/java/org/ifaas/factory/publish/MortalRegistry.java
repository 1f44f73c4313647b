package org.ifaas.factory.publish;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** A region whose user may be killed at each change. */
public record MortalRegistry(Registry registry, Killer killer) implements Registry {
    @Override
    public String region() {
        return registry.region();
    }

    @Override
    public DiskFormat diskFormat() {
        return registry.diskFormat();
    }

    @Override
    public Availability availability() {
        return registry.availability();
    }

    @Override
    public RegionImage register(NewImage image, StageLog log) throws StageFailure, InterruptedException {
        return registry.register(image, log);
    }

    @Override
    public Optional<RegionImage> find(String id) throws StageFailure {
        return registry.find(id);
    }

    @Override
    public List<RegionImage> named(String name) throws StageFailure {
        return registry.named(name);
    }

    @Override
    public List<RegionImage> list() throws StageFailure {
        return registry.list();
    }

    @Override
    public Optional<Path> file(String id) {
        return registry.file(id);
    }

    @Override
    public void read(String id, OutputStream to) throws StageFailure {
        registry.read(id, to);
    }

    @Override
    public void update(String id, String name, String visibility, boolean hidden) throws StageFailure {
        killer.<Boolean, StageFailure, RuntimeException>step(() -> {
            registry.update(id, name, visibility, hidden);
            return true;
        });
    }

    @Override
    public void delete(String id) throws StageFailure {
        killer.<Boolean, StageFailure, RuntimeException>step(() -> {
            registry.delete(id);
            return true;
        });
    }
}
