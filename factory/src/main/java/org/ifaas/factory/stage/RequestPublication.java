package org.ifaas.factory.stage;

import java.util.List;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.signing.Attester;
import org.ifaas.factory.signing.Sealer;

/**
 * Stage 13: asks for publication. No image becomes public without such a request, and in a region with another disk format
 * none without the signed statement that ties its file to the release.
 */
public final class RequestPublication implements Stage<PublicationRequested> {
    private final PublicationRequests requests;
    private final ConversionStatements statements;
    private final PublicationPolicy policy;

    public RequestPublication(
            PublicationRequests requests,
            Attester attester,
            Sealer sealer,
            ArtifactStore store,
            PublicationPolicy policy) {
        this.requests = requests;
        this.policy = policy;
        this.statements = new ConversionStatements(attester, sealer, store);
    }

    @Override
    public StageName name() {
        return StageName.REQUEST_PUBLICATION;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(
                ImageRegistered.class, ImageTested.class, ReleaseSealed.class, ImageHashed.class, ImageCopied.class);
    }

    @Override
    public Class<PublicationRequested> makes() {
        return PublicationRequested.class;
    }

    @Override
    public PublicationRequested run(StageContext build) throws StageFailure {
        var facts = new Facts(List.of(
                build.fact(ImageBuilt.class),
                build.fact(ImageRegistered.class),
                build.fact(ReleaseSealed.class),
                build.fact(ImageCopied.class)));
        statements.sign(facts, build.log());
        if (build.fact(ImageTested.class).skipped()) {
            return without("its tests were skipped, so this release can't be published", build);
        }
        if (!build.parameters().requestPublication()) {
            return without("its requester wants no publication", build);
        }
        var inputs = build.fact(Inputs.class);
        var request = PublicationRequest.pending(
                build.id(),
                build.parameters().image(),
                inputs.serial(),
                inputs.definition().publishAs(),
                build.fact(ImageBuilt.class).measured().digests().sha256(),
                ImageRef.of(facts),
                PublicationRequest.requester(build.build(), inputs),
                build.now());
        boolean byPolicy = policy.approves(build.build(), new Facts(List.of(inputs, build.fact(ImageTested.class))))
                && requests.needsNoPerson(request, policy.byPolicy());
        boolean toBeCertified = !inputs.definition().certification().isEmpty();
        var asked = requests.create(build.lease(), request, !byPolicy || toBeCertified);
        var why = switch (asked.state()) {
            case PUBLISHED -> "is public already";
            case REJECTED -> "was rejected by " + asked.decidedBy();
            case PENDING, APPROVED ->
                !byPolicy
                        ? "waits to be approved: ifaas approve " + build.id()
                        : toBeCertified ? "is approved by policy when it is certified" : "is approved by policy";
        };
        build.log().line(why);
        return new PublicationRequested(true, why);
    }

    private static PublicationRequested without(String why, StageContext build) {
        build.log().line("no publication request: %s", why);
        return new PublicationRequested(false, why);
    }

    @Override
    public boolean holds(PublicationRequested fact, StageContext build) {
        return !fact.requested() || requests.find(build.id()).isPresent();
    }
}
