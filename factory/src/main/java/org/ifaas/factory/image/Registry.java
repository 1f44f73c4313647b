package org.ifaas.factory.image;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.jspecify.annotations.Nullable;

/** What one region offers to register, copy, publish and hide images. Failures blame the CLOUD. */
public interface Registry {
    String region();

    /** The cloud that the region is one of; null for a directory. */
    default @Nullable String cloud() {
        return null;
    }

    /** What form the files have that are registered here. */
    default DiskFormat diskFormat() {
        return DiskFormat.QCOW2;
    }

    Availability availability();

    /**
     * Registers privately. An active image of that name and digest is returned as it is; a half-made one is replaced. The
     * digest in the answer was computed from the stored bytes, not from the input.
     */
    RegionImage register(NewImage image, StageLog log) throws StageFailure, InterruptedException;

    Optional<RegionImage> find(String id) throws StageFailure;

    /** All images of that name, newest first, hidden ones too. */
    List<RegionImage> named(String name) throws StageFailure;

    /** All images, hidden ones too. */
    List<RegionImage> list() throws StageFailure;

    /** Those of whomever that everybody sees in lists: public and not hidden. */
    default List<RegionImage> visible() throws StageFailure {
        return list().stream()
                .filter(image -> image.visibility().equals("public") && !image.hidden())
                .toList();
    }

    /** Those that this factory has registered, where the region can tell them from others'. */
    default List<RegionImage> own() throws StageFailure {
        return List.of();
    }

    /** Those of that name that this factory has registered; where the region is nobody else's, all of that name. */
    default List<RegionImage> ownNamed(String name) throws StageFailure {
        return named(name);
    }

    /** The stored file itself, where the region is a directory on this machine; read-only. */
    Optional<Path> file(String id);

    /** Reads all bytes of an active image, as the region stores them. */
    void read(String id, OutputStream to) throws StageFailure;

    /** Changes name, visibility ({@code private}, {@code public}) and {@code os_hidden} in one step; the id stays. */
    void update(String id, String name, String visibility, boolean hidden) throws StageFailure;

    /** No effect when there is no such image. */
    void delete(String id) throws StageFailure;
}
