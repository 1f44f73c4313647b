package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.cloud.CloudsYaml;
import org.ifaas.openstack.cloud.InvalidClouds;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The OpenStack of {@code it/openstack}: started at its first use, ended after the last test unless it ran before. Its
 * factory's network is as docs/operate/try-openstack.md says.
 */
final class RealCloud implements AutoCloseable {
    private static final Path SCRIPTS = Path.of("openstack").toAbsolutePath();
    static final Path CLOUDS_YAML =
            Path.of("../target/openstack/clouds.yaml").toAbsolutePath().normalize();
    static final String RANGE = System.getenv().getOrDefault("IFAAS_OPENSTACK_RANGE", "10.77");

    private final boolean ranBefore;
    private final CloudClient factory;

    private RealCloud(String option) {
        ranBefore = run("up", option).contains("runs already");
        try {
            factory = client(cloud("factory"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whose guests are not emulated. */
    static RealCloud withKvm() {
        return new RealCloud("--kvm");
    }

    /** Gives tests the cloud. */
    static final class Running implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RealCloud.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RealCloud.class))
                    .computeIfAbsent("cloud", key -> new RealCloud("--swift"), RealCloud.class);
        }
    }

    /** As a crash would end it. */
    void kill(String service) {
        run("fault", "kill", service);
    }

    void revive(String service) {
        run("fault", "revive", service);
    }

    /** The tiny guest, made of the definition of this checkout. */
    Path guest() {
        run("guest");
        return CLOUDS_YAML.resolveSibling("busybox.qcow2");
    }

    /** Of the factory's project in the object store: what {@code aws} reads, without its first line. */
    Properties bucketKey() throws IOException {
        var file = CLOUDS_YAML.resolveSibling("s3.ini");
        assertThat(file)
                .as("a cloud that was started by it/openstack/up --swift")
                .exists();
        var key = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            key.load(in);
        }
        return key;
    }

    static Cloud cloud(String name) {
        try {
            var file = CLOUDS_YAML.toString();
            return CloudsYaml.read(
                            Map.of("OS_CLIENT_CONFIG_FILE", file),
                            CLOUDS_YAML.getParent(),
                            CLOUDS_YAML.getParent(),
                            List.of(name))
                    .get(name);
        } catch (InvalidClouds e) {
            throw new AssertionError(e.errors().toString(), e);
        }
    }

    /** The images there, as the factory sees them. */
    static GlanceRegion region(String name) throws IOException {
        return new GlanceRegion(
                name, client(cloud("factory")).service("image", name), "reader", GlancePolicy.defaults(), Pause.REAL);
    }

    static CloudClient client(Cloud cloud) throws IOException {
        return new CloudClient(cloud, ClientPolicy.defaults(), Clock.systemUTC(), Pause.REAL);
    }

    /** What a factory needs in its configuration to build there. */
    static String config(String more) {
        return """
                clouds_yaml: %s
                clouds:
                  - name: factory
                    network: guests
                    factory_address: %s.255.1/32
                    boot_patience: 12
                %s""".formatted(CLOUDS_YAML, RANGE, more);
    }

    /** The same with build hosts, from an image that is registered in the home region. */
    static String config(String image, String more) {
        return config("    host_image: %s\n    host_flavor: build\n%s".formatted(image, more));
    }

    /** Has the factory build one for build hosts, and register it. */
    static String hostImage(RunningFactory factory) throws IOException, InterruptedException, StageFailure {
        var debian = factory.awaitEnd(factory.build("""
                        {"image": "debian-12-reproducible", "regions": ["factory.RegionOne"], "runTests": false,
                         "requestPublication": false}""").id());
        assertThat(debian.state()).as(debian.reason()).isEqualTo("SUCCEEDED");
        return region("RegionOne").list().getFirst().name();
    }

    /** Names of what the factory's project has in the cloud, but for what came with it. */
    List<String> servers() {
        return names("RegionOne", "compute", "/servers", "servers", "/name");
    }

    List<String> keypairs() {
        return names("RegionOne", "compute", "/os-keypairs", "keypairs", "/keypair/name");
    }

    List<String> securityGroups() {
        var groups = names("RegionOne", "network", "/v2.0/security-groups", "security_groups", "/name");
        groups.remove("default");
        return groups;
    }

    void assertNoServerIsLeft() {
        assertThat(servers()).as("servers").isEmpty();
        assertThat(names("RegionOne", "network", "/v2.0/ports", "ports", "/id"))
                .as("ports")
                .isEmpty();
        assertThat(keypairs()).as("keypairs").isEmpty();
        assertThat(securityGroups()).as("security groups").isEmpty();
    }

    /** Of anybody, and the hidden ones, too. */
    List<String> publicImages(String region) {
        var images = new ArrayList<String>();
        for (var hidden : List.of("false", "true")) {
            images.addAll(
                    names(region, "image", "/v2/images?visibility=public&os_hidden=" + hidden, "images", "/name"));
        }
        return images;
    }

    /** As the services list them: the {@code openstack} command takes seconds for each. */
    private List<String> names(String region, String service, String path, String key, String name) {
        var names = new ArrayList<String>();
        try {
            for (var thing : factory.service(service, region).all(path, key)) {
                names.add(thing.at(name).asString());
            }
        } catch (CloudFailure | InterruptedException e) {
            throw new AssertionError(e);
        }
        return names;
    }

    private static String run(String script, String... arguments) {
        var command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        try {
            // Not into a pipe: what it starts would hold it open.
            var out = Files.createTempFile("openstack", ".log");
            var code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start()
                    .waitFor();
            var said = Files.readString(out, StandardCharsets.UTF_8);
            Files.delete(out);
            assertThat(code).as("%s: %s", command, said).isZero();
            return said;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        if (!ranBefore) {
            run("down");
        }
    }
}
