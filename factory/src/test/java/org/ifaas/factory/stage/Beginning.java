package org.ifaas.factory.stage;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.NoHosts;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Offer;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/** Stage 1 of the image tiny, with all that it asks for there and well, unless a test says otherwise. */
final class Beginning {
    String architecture = "amd64";
    Firmware firmware = Firmware.BIOS;
    int diskMiB = 64;
    boolean crossBuilds;
    boolean keyring = true;
    final InMemoryJournal journal = new InMemoryJournal();
    final List<String> refs = new ArrayList<>();

    static Parameters parameters(boolean tests) {
        return parameters(tests, null, false);
    }

    static Parameters parameters(boolean tests, @Nullable Duration keepHost, boolean force) {
        var of = Parameters.of("tiny");
        return new Parameters(
                "tiny", "main", of.regions(), null, of.host(), keepHost, tests, force, true, List.of(), null);
    }

    Initialize stage(Registries registries, ArtifactStore store) {
        var builders = new Builders(List.of(new Script()));
        var mirrors = new OneMirror();
        return new Initialize(
                new Definition(),
                mirrors,
                new BuildHosts(List.of(new Containers())),
                new Instances(List.of(new OnlyBios())),
                registries,
                builders,
                store,
                new OneKey(),
                new ChangeCheck(journal, builders, mirrors, HostPolicy.defaults(), store, "1"));
    }

    private final class Definition implements Repository {
        private final OneImage tiny = new OneImage("tiny");

        @Override
        public List<Listed> definitions() {
            return List.of();
        }

        @Override
        public Resolved resolve(String image, String ref) throws StageFailure {
            refs.add(ref);
            return tiny.resolve(image, ref);
        }

        @Override
        public ImageDefinition definition(Resolved at) {
            var of = tiny.definition();
            return new ImageDefinition(
                    of.name(),
                    of.title(),
                    of.builder(),
                    of.publishAs(),
                    of.description(),
                    of.os(),
                    architecture,
                    firmware,
                    new ImageDefinition.Sizes(diskMiB, 1, 128),
                    of.compression(),
                    of.owner(),
                    of.team(),
                    of.tests(),
                    of.properties(),
                    of.replaceFrequency(),
                    of.visiblePrevious(),
                    of.regions(),
                    of.copyBeforeTest(),
                    of.options(),
                    of.schedule(),
                    of.stages(),
                    of.certification());
        }

        @Override
        public InputStream file(Resolved at, String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void bundle(Resolved at, OutputStream to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<String> mentioned(Resolved at, Set<String> words) {
            return Set.of();
        }
    }

    private final class OneMirror implements Mirrors {
        @Override
        public List<AptSource> sources(String distro, String codename) throws StageFailure {
            if (!keyring) {
                throw new StageFailure(
                        Blame.FACTORY, "the keyring of its archive is not on this machine", "Install it.");
            }
            return List.of();
        }

        @Override
        public List<MirrorState> state(List<AptSource> sources) {
            return List.of();
        }

        @Override
        public Offer offer(List<AptSource> sources, String of, Set<String> packages) {
            return new Offer(state(sources), Map.of());
        }
    }

    private final class Script implements Builder {
        @Override
        public String name() {
            return "script";
        }

        @Override
        public List<String> packages(String hostOs) {
            return List.of();
        }

        @Override
        public boolean crossBuilds() {
            return crossBuilds;
        }

        @Override
        public BuildPlan plan(BuilderInputs inputs) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Containers implements NoHosts {
        @Override
        public HostKind kind() {
            return HostKind.CONTAINER;
        }

        @Override
        public String architecture() {
            return "amd64";
        }

        @Override
        public Availability availability() {
            return new Availability(true, "", "");
        }
    }

    private static final class OnlyBios implements TestInstances {
        @Override
        public Availability availability() {
            return new Availability(true, "", "");
        }

        @Override
        public int patience() {
            return 12;
        }

        @Override
        public HostSize flavor(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkBoots(String of, Firmware wanted) throws StageFailure {
            if (wanted == Firmware.UEFI) {
                throw new StageFailure(Blame.FACTORY, "firmware: no uefi", "Install it.");
            }
        }

        @Override
        public TestInstance boot(InstanceRequest request, StageLog log) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String console(String name) {
            return "";
        }

        @Override
        public void destroy(String name) {}

        @Override
        public List<String> list() {
            return List.of();
        }
    }

    private static final class OneKey implements Signer {
        @Override
        public Key usableKey() {
            return new Key("ABC", "Image Factory", "", "never");
        }

        @Override
        public void sign(Path file, Measured expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Measured sign(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String signature(byte[] content) {
            throw new UnsupportedOperationException();
        }
    }
}
