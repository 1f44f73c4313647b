package org.ifaas.factory.host;

import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.jspecify.annotations.Nullable;

/** Makes and destroys build hosts of one kind. Hosts outlive the factory's process. Failures blame HOST, CLOUD or FACTORY. */
public interface HostProvider {
    HostKind kind();

    /** The cloud whose servers they are; null for machines on the factory's own. */
    default @Nullable String cloud() {
        return null;
    }

    /** Of its hosts, in Debian's words; null where it can't be told. */
    default @Nullable String architecture() {
        return null;
    }

    /** Probed for real, then remembered. */
    Availability availability();

    /**
     * Whether a host of that name can be had now, or is there already.
     *
     * @throws org.ifaas.factory.pipeline.NoRoom when a quota is full
     */
    default void checkRoom(String name) throws StageFailure, InterruptedException {}

    /**
     * Makes the host; when one of that name is there already and whole, returns it, and when it is half-made, destroys it
     * first.
     *
     * @throws org.ifaas.factory.pipeline.NoRoom when a quota is full; nothing of it is left then
     */
    BuildHost spawn(HostRequest request, StageLog log) throws StageFailure, InterruptedException;

    /** The host of that name, if it is there and runs. */
    Optional<BuildHost> find(String name) throws StageFailure;

    /** Leaves nothing of it: no process, mount, loop device, namespace or file. No effect when there is nothing. */
    void destroy(String name) throws StageFailure, InterruptedException;

    /** Names of all there is under this factory's id, whole or half-made. */
    List<String> list() throws StageFailure;

    /** Of these names, those of which there is anything, whole or half-made: dearer than {@link #list} nowhere. */
    default List<String> present(List<String> names) throws StageFailure, InterruptedException {
        var all = list();
        return names.stream().filter(all::contains).toList();
    }
}
