package org.ifaas.factory.stage;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseResigned;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Attester;
import org.ifaas.factory.signing.Sealer;

/**
 * Stage 10 of a build that signs a release anew: compares the release with what the journal has of it, and seals it by the key
 * of today. Its images in the regions, and whether they are public, are not touched.
 */
public final class SignAgain implements Stage<ReleaseResigned> {
    private final Journal journal;
    private final Sealer sealer;
    private final ArtifactStore store;
    private final AuditLog audit;
    private final ConversionStatements statements;

    public SignAgain(Journal journal, Attester attester, Sealer sealer, ArtifactStore store, AuditLog audit) {
        this.statements = new ConversionStatements(attester, sealer, store);
        this.journal = journal;
        this.sealer = sealer;
        this.store = store;
        this.audit = audit;
    }

    @Override
    public StageName name() {
        return StageName.SIGN_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of();
    }

    @Override
    public Class<ReleaseResigned> makes() {
        return ReleaseResigned.class;
    }

    @Override
    public ReleaseResigned run(StageContext build) throws StageFailure, InterruptedException {
        var id = new BuildId(String.valueOf(build.parameters().release()));
        var facts = journal.facts(id);
        var inputs = facts.find(Inputs.class).orElseThrow(() -> noRelease(id));
        var built = facts.find(ImageBuilt.class).orElseThrow(() -> noRelease(id));
        var before = facts.find(ReleaseSealed.class).orElseThrow(() -> noRelease(id));
        requireArtifacts(id);
        var release = build.parameters().image() + "/" + inputs.serial();
        build.log().line("%s, sealed at %s by %s", release, before.sealed(), before.keyFingerprint());
        var folder = store.path(before.folder());
        var image = built.key().substring(before.folder().length() + 1);
        var standing = new Sealer.Seal(before.checksumsSha256(), before.keyFingerprint());
        try {
            var seal =
                    sealer.reseal(folder, new Sealer.Standing(standing, Map.of(image, built.measured())), build.log());
            boolean unchanged = seal.equals(standing);
            if (!unchanged) {
                record(release, id, before, seal, build);
            }
            statements.sign(journal.facts(id), build.log());
            return new ReleaseResigned(
                    id,
                    release,
                    seal.checksumsSha256(),
                    seal.keyFingerprint(),
                    before.checksumsSha256(),
                    before.keyFingerprint(),
                    unchanged);
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(folder.toString(), e);
        }
    }

    /** They may have gone since this was asked for; those that are there now stay until this build has ended. */
    private void requireArtifacts(BuildId id) throws StageFailure {
        try {
            journal.requireArtifacts(id);
        } catch (IllegalStateException e) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "there is nothing to sign: " + e.getMessage(),
                    "Build it again: a new release has an id of its own.",
                    e);
        }
    }

    private void record(String release, BuildId id, ReleaseSealed before, Sealer.Seal seal, StageContext build)
            throws StageFailure {
        audit.record(
                build.build().requester(),
                AuditAction.RELEASE_RESIGNED,
                id.value(),
                Map.of("release", release, "key", seal.keyFingerprint(), "key before", before.keyFingerprint()));
        var now = new ReleaseSealed(
                before.folder(), seal.checksumsSha256(), seal.keyFingerprint(), build.now(), before.documentKeys());
        try {
            journal.replace(build.lease(), id, now, build.now());
        } catch (IllegalStateException e) {
            throw new StageFailure(
                    Blame.FACTORY, "the release can't change now: " + e.getMessage(), "Retry when it has ended.", e);
        }
    }

    private static StageFailure noRelease(BuildId id) {
        return new StageFailure(
                Blame.IMAGE, "build " + id + " has no sealed release", "'ifaas releases' lists those that there are.");
    }
}
