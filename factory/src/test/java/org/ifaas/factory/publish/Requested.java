package org.ifaas.factory.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Sha256;

/** A factory with four regions, two of them its own, and sealed releases that ask for publication. */
public final class Requested {
    public static final List<String> REGIONS = List.of("own-a", "own-b", "west", "east");

    public Instant now = Instant.parse("2026-11-22T10:00:00Z");
    public final InMemoryJournal journal = new InMemoryJournal();
    public final InMemoryRequests requests = new InMemoryRequests(journal);
    public final InMemoryAuditLog audit = new InMemoryAuditLog(() -> now);
    public final ApprovalSigner signer;
    public final PlainMeasurer measurer = new PlainMeasurer();
    public final Registries registries;
    private final Path folder;

    public Requested(Path folder) {
        this.folder = folder;
        this.signer = new PlainApprovals();
        this.registries = new Registries(REGIONS.stream()
                .map(region -> (Registry) new InMemoryRegistry(region, () -> now))
                .toList());
    }

    /** With a real key and real regions. */
    public Requested(Path folder, ApprovalSigner signer, Registries registries) {
        this.folder = folder;
        this.signer = signer;
        this.registries = registries;
    }

    public Publisher publisher(boolean fourEyes, String... own) {
        return publisher(fourEyes, ImagePatterns.NONE, own);
    }

    public Publisher publisher(boolean fourEyes, ImagePatterns byPolicy, String... own) {
        var defaults = PublicationPolicy.defaults();
        var policy = new PublicationPolicy(fourEyes, byPolicy, defaults.approvalValid(), defaults.retry());
        return new Publisher(
                requests,
                new Approvals(requests, journal, signer, policy, () -> now),
                certification(),
                new OwnRegions(Set.of(own), registries, measurer),
                policy,
                audit,
                () -> now);
    }

    /** None of the releases has to be certified. */
    public Certification certification() {
        var store = new PlainArtifactStore(folder);
        return new Certification(
                journal,
                new InMemoryConfirmations(),
                requests,
                store,
                PublicationPolicy.defaults(),
                audit,
                1,
                () -> now);
    }

    /** A release whose image is in these regions. */
    public BuildId by(String requester, String serial, String... regions) throws Exception {
        return of("tiny", requester, serial, regions);
    }

    /** Of another definition, by the same public name. */
    public BuildId of(String image, String requester, String serial, String... regions) throws Exception {
        now = now.plusSeconds(1);
        var id = BuildId.random();
        journal.create(id, Parameters.of(image), requester, now);
        var file = Files.writeString(folder.resolve(serial), "image " + serial);
        var measured = measurer.measure(file);
        var images = new ArrayList<ImageRef>();
        for (var region : regions) {
            images.add(registries
                    .of(region)
                    .register(
                            new NewImage("tiny_" + serial, file, measured, Map.of("internal_version", serial)),
                            text -> {})
                    .ref());
        }
        var sha256 = measured.digests().sha256();
        seal(id, Sha256.of(checksums(sha256)));
        requests.create(
                journal.take(id, now),
                PublicationRequest.pending(id, image, serial, "Tiny", sha256, images, requester, now));
        return id;
    }

    /** As a retry does where a region has lost the image. */
    public void copyAgain(BuildId id, String region) throws Exception {
        var before = requests.find(id).orElseThrow();
        var file = folder.resolve(before.serial());
        var properties = Map.of("internal_version", before.serial());
        var copy = registries
                .of(region)
                .register(new NewImage("tiny_" + before.serial(), file, measurer.measure(file), properties), text -> {})
                .ref();
        var images = before.images().stream()
                .map(image -> image.region().equals(region) ? copy : image)
                .toList();
        var lease = journal.take(id, now);
        journal.done(
                lease,
                StageName.REGISTER_PRIVATE_IMAGE,
                new ImageRegistered(images.getFirst(), "tiny", "sha512", "e", null),
                null,
                now);
        journal.done(
                lease, StageName.COPY_TO_REGIONS, new ImageCopied(images.subList(1, images.size()), null), null, now);
        requests.create(
                lease,
                PublicationRequest.pending(
                        id,
                        before.image(),
                        before.serial(),
                        before.publishAs(),
                        before.sha256(),
                        images,
                        before.requester(),
                        now));
    }

    public void seal(BuildId id, String release) {
        var lease = journal.take(id, now);
        journal.done(
                lease,
                StageName.SIGN_IMAGE,
                new ReleaseSealed("releases/" + id, release, "A".repeat(40), now, List.of()),
                null,
                now);
    }

    /** {@code SHA256SUMS} of such a release. */
    public static String checksums(String sha256) {
        return sha256 + "  files/tiny.qcow2\n" + "0".repeat(64) + "  files/packages.tsv\n";
    }

    /** Behind the region's back. */
    public void damage(BuildId id, String region) throws Exception {
        var image = image(id, region);
        // One of its own: the regions of the test share the file.
        var file = registries.of(region).file(image).orElseThrow();
        ((InMemoryRegistry) registries.of(region)).store(image, Files.writeString(other(file), "something else"));
    }

    /** Undoes it. */
    public void mend(BuildId id, String region) throws Exception {
        var serial = requests.find(id).orElseThrow().serial();
        ((InMemoryRegistry) registries.of(region)).store(image(id, region), folder.resolve(serial));
    }

    private static Path other(Path file) throws IOException {
        return Files.createTempFile(file.getParent(), "damaged", "");
    }

    public String image(BuildId id, String region) {
        return requests.find(id).orElseThrow().images().stream()
                .filter(image -> image.region().equals(region))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** Serial of what is public there as the newest, or nothing. */
    public String latest(String region) throws Exception {
        return registries.of(region).named("Tiny_latest").stream()
                .map(image -> String.valueOf(image.properties().get("internal_version")))
                .findFirst()
                .orElse("nothing");
    }

    public List<String> states(BuildId id) {
        return requests.find(id).orElseThrow().regions().stream()
                .map(one -> one.region() + " " + one.state())
                .toList();
    }
}
