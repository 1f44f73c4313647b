package org.ifaas.factory.host;

import java.util.List;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.jspecify.annotations.Nullable;

/** Boots and destroys test instances. They outlive the factory's process. */
public interface TestInstances {
    /** The cloud whose servers they are; null for machines on the factory's own. */
    default @Nullable String cloud() {
        return null;
    }

    /** The one region of that cloud whose images they boot; null where they boot all that belong to {@link #cloud}. */
    default @Nullable String region() {
        return null;
    }

    Availability availability();

    /** Whether they run in hardware; where not, why, and what would help. */
    default Availability acceleration() {
        return new Availability(true, "by the cloud", "");
    }

    /** How many times longer than with hardware acceleration a boot may take here: 1 with KVM, more with TCG. */
    int patience();

    /**
     * What a flavor of that name gives; a disk of 0 where it says nothing about the disk.
     *
     * @throws StageFailure blaming the IMAGE when there is none of that name
     */
    HostSize flavor(String name) throws StageFailure, InterruptedException;

    /**
     * Whether they can boot such an image at all.
     *
     * @param architecture in Debian's words
     * @throws StageFailure naming the field of the definition and its value
     */
    default void checkBoots(String architecture, Firmware firmware) throws StageFailure {}

    /**
     * Whether so many of them can be had at once now, or the first is there already.
     *
     * @throws org.ifaas.factory.pipeline.NoRoom when a quota is full
     */
    default void checkRoom(InstanceRequest request, int count) throws StageFailure, InterruptedException {}

    /**
     * Boots; an instance of that name that is there already runs an unknown state and is destroyed first.
     *
     * @throws org.ifaas.factory.pipeline.NoRoom when a quota is full; nothing of it is left then
     */
    TestInstance boot(InstanceRequest request, StageLog log) throws StageFailure, InterruptedException;

    /** Where the factory has to listen for them to reach it; null where they do not. */
    default @Nullable Listening reach() {
        return Listening.LOOPBACK;
    }

    /**
     * Lets one instance reach a TCP port of another.
     *
     * @return the other's address for it; null where no instance reaches another
     */
    default @Nullable String join(String from, String to, int port) throws StageFailure, InterruptedException {
        return null;
    }

    /** What it has written to its serial console so far, at most the last 1 MiB; empty when there is no such instance. */
    String console(String name);

    /** Leaves nothing of it. No effect when there is nothing. */
    void destroy(String name) throws StageFailure, InterruptedException;

    List<String> list() throws StageFailure;

    /** Of these names, those of which there is anything, whole or half-made: dearer than {@link #list} nowhere. */
    default List<String> present(List<String> names) throws StageFailure, InterruptedException {
        var all = list();
        return names.stream().filter(all::contains).toList();
    }
}
