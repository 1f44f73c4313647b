package org.ifaas.factory.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.signing.Attester;
import org.ifaas.factory.signing.Sealer;

/**
 * Stage 10: says what the release holds, what it was made from and how, and seals its folder with the factory's key: signed
 * provenance, audit set, checksums, detached signatures.
 */
public final class SignImage implements Stage<ReleaseSealed> {
    private final Attester attester;
    private final Sealer sealer;
    private final ArtifactStore store;
    private final ReleaseLogs logs;
    private final PublicationRequests requests;

    public SignImage(Attester attester, Sealer sealer, ArtifactStore store, Logs logs, PublicationRequests requests) {
        this.attester = attester;
        this.sealer = sealer;
        this.store = store;
        this.logs = new ReleaseLogs(logs, store);
        this.requests = requests;
    }

    @Override
    public StageName name() {
        return StageName.SIGN_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(ImageBuilt.class, ImageTested.class, ImageHashed.class);
    }

    @Override
    public Class<ReleaseSealed> makes() {
        return ReleaseSealed.class;
    }

    @Override
    public ReleaseSealed run(StageContext build) throws StageFailure, InterruptedException {
        checkReplaceable(build.id());
        var inputs = build.fact(Inputs.class);
        var built = build.fact(ImageBuilt.class);
        var folder = inputs.releaseFolder();
        var image = built.key().substring(folder.length() + 1);
        var detached = new ArrayList<>(List.of(image));
        build.fact(ImageTested.class).resultKeys().forEach(key -> detached.add(key.substring(folder.length() + 1)));
        try {
            logs.write(folder, build);
            var sbom = folder + "/files/sbom.cdx.json";
            store.write(sbom, attester.sbom(build.build(), inputs, built, packages(built.packageListKey())));
            var seal = sealer.seal(
                    store.path(folder),
                    new Sealer.Contents(
                            Map.of(image, built.measured()),
                            detached,
                            attester.provenance(build.build(), inputs, built)),
                    build.log());
            return new ReleaseSealed(
                    folder,
                    seal.checksumsSha256(),
                    seal.keyFingerprint(),
                    build.now(),
                    List.of(sbom, folder + "/" + Sealer.PROVENANCE));
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(store.path(folder).toString(), e);
        }
    }

    private PackageList packages(String key) throws StageFailure, IOException {
        return PackageList.parse(store.read(key));
    }

    /** Key of what lies there as long as the release does. */
    static String seal(ReleaseSealed release) {
        return release.folder() + "/SHA256SUMS.asc";
    }

    /** Customers have what was sealed, also when every region has lost it. */
    @Override
    public void checkReplaceable(BuildId build) throws StageFailure {
        var request = requests.find(build);
        if (request.isPresent() && requests.wasPublic(build)) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "its release was made public, and stays as it is byte for byte",
                    "'ifaas retry %s' copies it to the regions that lack it; 'ifaas build %s --force' makes a new release; 'ifaas resign %s/%s' signs this one by the key of today."
                            .formatted(
                                    build,
                                    request.get().image(),
                                    request.get().image(),
                                    request.get().serial()));
        }
    }

    @Override
    public boolean holds(ReleaseSealed fact, StageContext build) {
        return store.exists(seal(fact)) && fact.documentKeys().stream().allMatch(store::exists);
    }
}
