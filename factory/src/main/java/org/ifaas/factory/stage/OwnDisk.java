package org.ifaas.factory.stage;

import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;

/** The disk where the factory keeps builds. Hosts on its own machine live there too, and containers without a limit of their own. */
final class OwnDisk {
    private static final long MIB = 1 << 20;
    private static final long COPIES = 3;

    private OwnDisk() {}

    static long freeMiB(StageContext build) {
        return build.folder().toFile().getUsableSpace() / MIB;
    }

    /**
     * Who is to blame for a builder that failed on a host which shares this disk: a full one keeps it from telling why, or that it
     * has ended.
     *
     * @param noSpace whether it said so; then it may have tidied up since
     */
    static StageFailure blamed(StageFailure failure, boolean noSpace, StageContext build) {
        var kind = build.fact(HostSpawned.class).host().kind();
        long disk = build.fact(Inputs.class).definition().sizes().diskMiB();
        long needed = noSpace ? COPIES * disk : disk;
        long free = freeMiB(build);
        return kind == HostKind.CONTAINER && free < needed
                ? new StageFailure(
                        Blame.FACTORY,
                        "%d MiB are free on the factory's disk, and building a disk of %d MiB may take %d: %s"
                                .formatted(free, disk, needed, failure.getMessage()),
                        "Make space there ('ifaas doctor' shows how much there is), then 'ifaas retry'.",
                        failure)
                : failure;
    }
}
