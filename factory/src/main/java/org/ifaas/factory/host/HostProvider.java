package org.ifaas.factory.host;

import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Makes and destroys build hosts of one kind. Hosts outlive the factory's process. Failures blame HOST or FACTORY. */
public interface HostProvider {
    HostKind kind();

    /** Probed for real, then remembered. */
    Availability availability();

    /**
     * Makes the host; when one of that name is there already and whole, returns it, and when it is half-made, destroys it
     * first.
     */
    BuildHost spawn(HostRequest request, StageLog log) throws StageFailure, InterruptedException;

    /** The host of that name, if it is there and runs. */
    Optional<BuildHost> find(String name);

    /** Leaves nothing of it: no process, mount, loop device, namespace or file. No effect when there is nothing. */
    void destroy(String name) throws StageFailure, InterruptedException;

    /** Names of all there is under this factory's id, whole or half-made. */
    List<String> list();
}
