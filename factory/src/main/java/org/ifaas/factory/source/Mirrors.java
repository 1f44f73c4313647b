package org.ifaas.factory.source;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.pipeline.StageFailure;

/** Package mirrors, from the factory's configuration or else this machine's own apt configuration. */
public interface Mirrors {
    /**
     * The suites to build a distribution's release from: base, updates, security. Empty for a distribution without an
     * archive (a {@code script} image).
     *
     * @throws StageFailure blaming the FACTORY when no mirror is known, or the archive's keyring is not on this machine
     */
    List<AptSource> sources(String distro, String codename) throws StageFailure;

    /** Asks the mirrors. Failures blame the CLOUD. */
    List<MirrorState> state(List<AptSource> sources) throws StageFailure, InterruptedException;

    /**
     * Asks the mirrors, and for the versions of packages in the state that they are in.
     *
     * @param packages binary package names
     */
    Offer offer(List<AptSource> sources, String architecture, Set<String> packages)
            throws StageFailure, IOException, InterruptedException;
}
