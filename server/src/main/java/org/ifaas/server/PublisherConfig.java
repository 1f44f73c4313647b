package org.ifaas.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ifaas.api.TokenAddress;
import org.ifaas.factory.publish.Approval;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.cloud.CloudsYaml;
import org.ifaas.openstack.cloud.InvalidClouds;
import org.ifaas.release.openpgp.PinnedKeys;
import org.ifaas.server.publisher.FactoryAddress;
import org.jspecify.annotations.Nullable;

/**
 * All that a region's publisher is told, validated whole at start; {@code docs/operate/publisher.md} lists it.
 *
 * @param region its name in the factory
 * @param cloud where images are published; null for a directory
 * @param cloudRegion the cloud's own name of the region
 * @param directory the region, where it is a directory
 * @param kinds which kinds of approval are enough
 * @param state where it remembers what it has done
 * @param every how often it asks
 * @param retry how long what has failed is left alone
 */
record PublisherConfig(
        FactoryAddress factory,
        String region,
        @Nullable Cloud cloud,
        String cloudRegion,
        @Nullable Path directory,
        PinnedKeys releaseKey,
        PinnedKeys approvalKey,
        Set<String> kinds,
        Path state,
        Duration every,
        Duration retry) {
    private static final Path NOWHERE = Path.of("/nonexistent");

    /** @throws Config.Invalid with all errors at once */
    static PublisherConfig read(Path file) throws Config.Invalid, IOException {
        if (!Files.isRegularFile(file)) {
            throw new Config.Invalid(file, List.of("there is no such file: name an existing one with --config"));
        }
        var settings = new Settings(Files.readString(file), "docs/operate/publisher.md");
        var cloudName = settings.textOrNull("cloud.name");
        var directory = settings.textOrNull("directory");
        if ((cloudName == null) == (directory == null)) {
            settings.error(
                    "cloud.name",
                    cloudName == null ? "nothing" : cloudName,
                    "the only one: name the cloud of clouds.yaml whose credential may publish, or a directory");
        }
        var region = settings.textOrNull("region");
        if (region == null || !region.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            settings.error("region", region == null ? "nothing" : region, "the name of a region in the factory");
        }
        var cloudRegion = settings.textOrNull("cloud.region");
        if (cloudName != null && cloudRegion == null) {
            settings.error("cloud.region", "nothing", "the cloud's own name of the region");
        }
        var kinds = new HashSet<>(Set.of(Approval.FOUR_EYES));
        if (settings.flag("accept.self_approved", false)) {
            kinds.add(Approval.SELF_APPROVED);
        }
        if (settings.flag("accept.approved_by_policy", false)) {
            kinds.add(Approval.BY_POLICY);
        }
        var releaseKey = key("release_key", settings);
        var approvalKey = key("approval_key", settings);
        if (releaseKey != null && approvalKey != null) {
            approvalKey.fingerprints().stream()
                    .filter(releaseKey.fingerprints()::contains)
                    .forEach(both -> settings.error(
                            "approval_key", both, "another key than release_key: pin keys/approval-key.asc"));
        }
        var config = new PublisherConfig(
                factory(settings),
                String.valueOf(region),
                cloud(cloudName, settings),
                String.valueOf(cloudRegion),
                directory == null ? null : Path.of(directory).toAbsolutePath(),
                releaseKey == null ? PinnedKeys.NONE : releaseKey,
                approvalKey == null ? PinnedKeys.NONE : approvalKey,
                kinds,
                Path.of(settings.text("state", "/var/lib/ifaas-publisher")).toAbsolutePath(),
                settings.duration("every", Duration.ofSeconds(30)),
                settings.duration("retry", Duration.ofMinutes(5)));
        if (!settings.errors().isEmpty()) {
            throw new Config.Invalid(file, settings.errors());
        }
        return config;
    }

    private static FactoryAddress factory(Settings settings) {
        var url = settings.address("factory.url");
        if (url == null && settings.textOrNull("factory.url") == null) {
            settings.error("factory.url", "nothing", "an address such as https://images.example.org");
        }
        if (url != null && !TokenAddress.keepsSecrets(url)) {
            settings.error(
                    "factory.url", url, "https: only a factory on this very machine may be asked without encryption");
        }
        var certificate = readable("factory.certificate_file", false, settings);
        var key = readable("factory.key_file", false, settings);
        if ((certificate == null) != (key == null)) {
            settings.error(
                    certificate == null ? "factory.certificate_file" : "factory.key_file",
                    "nothing",
                    "what a client certificate needs, beside the other of certificate_file and key_file");
        }
        var token = readable("factory.token_file", true, settings);
        return new FactoryAddress(
                url == null ? URI.create("https://localhost") : url,
                readable("factory.ca_file", false, settings),
                certificate,
                key,
                token == null ? NOWHERE : token,
                settings.duration("factory.timeout", Duration.ofSeconds(60)));
    }

    private static @Nullable Path readable(String name, boolean needed, Settings settings) {
        var text = settings.textOrNull(name);
        if (text == null) {
            if (needed) {
                settings.error(name, "nothing", "a file that can be read");
            }
            return null;
        }
        try {
            var file = Path.of(text).toAbsolutePath();
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // Told below, like one that is not there.
        }
        settings.error(name, text, "a file that can be read");
        return null;
    }

    private static @Nullable PinnedKeys key(String name, Settings settings) {
        var file = readable(name, true, settings);
        if (file == null) {
            return null;
        }
        try {
            return PinnedKeys.of(Files.readAllBytes(file));
        } catch (IOException e) {
            settings.error(name, file, "a public OpenPGP key: " + e.getMessage());
            return null;
        }
    }

    private static @Nullable Cloud cloud(@Nullable String name, Settings settings) {
        var file = settings.textOrNull("cloud.clouds_yaml");
        if (name == null) {
            return null;
        }
        var variables = new HashMap<>(Config.environment());
        if (file != null) {
            variables.put("OS_CLIENT_CONFIG_FILE", file);
        }
        try {
            return CloudsYaml.read(
                            variables,
                            Path.of("").toAbsolutePath(),
                            Path.of(System.getProperty("user.home", "/")),
                            List.of(name))
                    .get(name);
        } catch (InvalidClouds e) {
            e.errors().forEach(settings::problem);
            return null;
        }
    }
}
