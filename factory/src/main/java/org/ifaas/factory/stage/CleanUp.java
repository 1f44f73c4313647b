package org.ifaas.factory.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.suite.IperfServer;

/**
 * Stage 14, ALWAYS: removes test instances, what lies on the way from a build host, the private images of a build that failed,
 * and temporary files. The image itself stays in the artifact store, so that a retry can go on from it. Of a test nothing stays but its results.
 */
public final class CleanUp implements Stage<CleanedUp> {
    private final Instances instances;
    private final Handovers handovers;
    private final Registries registries;
    private final ArtifactStore store;
    private final Names names;

    public CleanUp(Instances instances, Handovers handovers, Registries registries, ArtifactStore store, Names names) {
        this.instances = instances;
        this.handovers = handovers;
        this.registries = registries;
        this.store = store;
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
        if (build.failed() || build.parameters().kind() == Kind.TEST) {
            removePrivateImages(build, removed);
        }
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
            provider.destroy(instance);
            removed.add("test instance " + instance);
        }
    }

    private void removeHandedOver(StageContext build, List<String> removed) throws StageFailure, InterruptedException {
        for (var handover : handovers.all()) {
            for (var host : handover.list()) {
                if (names.buildOf(host).filter(build.id()::equals).isPresent()) {
                    handover.remove(host);
                    removed.add("what host " + host + " had handed over by " + handover.name());
                }
            }
        }
    }

    /** All of its name, whether or not a fact tells of them: a crash may have come between the image and the fact. */
    private void removePrivateImages(StageContext build, List<String> removed) throws StageFailure {
        var inputs = build.find(Inputs.class);
        if (inputs.isEmpty()) {
            return;
        }
        for (var region : inputs.get().regions()) {
            for (var image : registries.of(region).named(inputs.get().imageName())) {
                if (image.visibility().equals("private")) {
                    build.checkLease();
                    registries.of(region).delete(image.ref().id());
                    removed.add("private image " + image.ref().id() + " in " + region);
                }
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
