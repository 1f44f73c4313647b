package org.ifaas.factory.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.suite.IperfServer;

/**
 * Stage 14, ALWAYS: removes test instances, what lies on the way from a build host, private images that nobody wants (those
 * of a build that failed and asks for no publication, and those in whose place a retry has put others), and
 * temporary files. The image itself stays in the artifact store, so that a retry can go on from it. Of a test nothing stays
 * but its results.
 */
public final class CleanUp implements Stage<CleanedUp> {
    private final Instances instances;
    private final Handovers handovers;
    private final Registries registries;
    private final ArtifactStore store;
    private final PublicationRequests requests;
    private final Names names;

    public CleanUp(
            Instances instances,
            Handovers handovers,
            Registries registries,
            ArtifactStore store,
            PublicationRequests requests,
            Names names) {
        this.instances = instances;
        this.handovers = handovers;
        this.registries = registries;
        this.store = store;
        this.requests = requests;
        this.names = names;
    }

    @Override
    public StageName name() {
        return StageName.CLEAN_UP;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of();
    }

    @Override
    public Class<CleanedUp> makes() {
        return CleanedUp.class;
    }

    @Override
    public CleanedUp run(StageContext build) throws StageFailure, InterruptedException {
        var removed = new ArrayList<String>();
        var clouds = clouds(build);
        for (var provider : instances.all()) {
            if (provider.cloud() == null || clouds.contains(provider.cloud())) {
                removeInstances(provider, build, removed);
            }
        }
        removeHandedOver(build, removed);
        new IperfServer("iperf3", build.folder()).stop();
        removePrivateImages(build, removed);
        removeTemporaryFiles(build, removed);
        removeFromStore(RegionFile.temporary(build.id()), "the converted image", removed);
        if (build.parameters().kind() != Kind.BUILD) {
            var inputs = build.find(Inputs.class);
            if (inputs.isPresent()) {
                removeFromStore(CheckedImage.underTest(inputs.get()), "the copy of the image under test", removed);
            }
            Folders.deleteQuietly(build.folder());
        }
        removed.forEach(thing -> build.log().line("removed %s", thing));
        build.log().line("nothing of this build is left but what its requester wants");
        return new CleanedUp(removed);
    }

    private Set<String> clouds(StageContext build) throws StageFailure {
        var clouds = new HashSet<String>();
        for (var region : build.find(Inputs.class).map(Inputs::regions).orElse(List.of())) {
            var cloud = registries.of(region).cloud();
            if (cloud != null) {
                clouds.add(cloud);
            }
        }
        return clouds;
    }

    private void removeInstances(TestInstances provider, StageContext build, List<String> removed)
            throws StageFailure, InterruptedException {
        for (var instance : provider.present(names.testInstances(build.build()))) {
            build.checkLease();
            provider.destroy(instance);
            removed.add("test instance " + instance);
        }
    }

    private void removeHandedOver(StageContext build, List<String> removed) throws StageFailure, InterruptedException {
        for (var handover : handovers.all()) {
            for (var host : handover.list()) {
                if (names.buildOf(host).filter(build.id()::equals).isPresent()) {
                    build.checkLease();
                    handover.remove(host);
                    removed.add("what host " + host + " had handed over by " + handover.name());
                }
            }
        }
    }

    private void removePrivateImages(StageContext build, List<String> removed) throws StageFailure {
        var inputs = build.find(Inputs.class);
        if (inputs.isEmpty()) {
            return;
        }
        boolean none = build.parameters().kind() == Kind.TEST || (build.failed() && !areAskedFor(build));
        for (var region : inputs.get().regions()) {
            if (none) {
                removePrivateImages(registries.of(region), Set.of(), build, removed);
            } else {
                removeReplaced(region, build, removed);
            }
        }
    }

    /** A retry that fails, and a cancel after stage 13 has asked, take nothing from a release that is public or may be approved. */
    private boolean areAskedFor(StageContext build) {
        return requests.find(build.id()).filter(PublicationRequest::keepsImages).isPresent();
    }

    /** Where no fact names an image yet, what is there is what a retry goes on from. */
    private void removeReplaced(String region, StageContext build, List<String> removed) {
        var wanted = ImageRef.of(build.find(ImageRegistered.class), build.find(ImageCopied.class)).stream()
                .filter(image -> image.region().equals(region))
                .collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            return;
        }
        try {
            removePrivateImages(registries.of(region), wanted, build, removed);
        } catch (StageFailure e) {
            build.log()
                    .line(
                            "what an earlier attempt has left in %s is looked for at the next: %s",
                            region, e.getMessage());
        }
    }

    /** All of its name, whether or not a fact has told of them: a crash may have come between the image and the fact. */
    private static void removePrivateImages(
            Registry registry, Set<ImageRef> but, StageContext build, List<String> removed) throws StageFailure {
        for (var image : registry.ownNamed(build.fact(Inputs.class).imageName())) {
            if (image.visibility().equals("private") && !but.contains(image.ref())) {
                build.checkLease();
                registry.delete(image.ref().id());
                removed.add("private image " + image.ref().id() + " in " + registry.region());
            }
        }
    }

    private void removeFromStore(String key, String what, List<String> removed) throws StageFailure {
        try {
            if (store.exists(key)) {
                store.delete(key);
                removed.add(what);
            }
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(key, e);
        }
    }

    /** All but the keys, which the next stage and a kept host need. */
    private static void removeTemporaryFiles(StageContext build, List<String> removed) throws StageFailure {
        try (var files = Files.newDirectoryStream(build.folder())) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (!name.startsWith("user-") && !name.startsWith("host-") && !name.startsWith("known_hosts")) {
                    Folders.delete(file);
                    removed.add("temporary " + name);
                }
            }
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY, "temporary files can't be removed: " + e, "Look at the folder's permissions.", e);
        }
    }
}
