package org.ifaas.openstack.cloud;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.FailsafeScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Clouds as OpenStack's own clients are told of them: {@code clouds.yaml}, secrets beside it in {@code secure.yaml}, and a
 * cloud {@code envvars} made of the environment's {@code OS_*}. The first file found wins: the one that
 * {@code OS_CLIENT_CONFIG_FILE} names, then the working directory, {@code ~/.config/openstack}, {@code /etc/openstack}.
 */
public final class CloudsYaml {
    /** The environment's cloud, unless {@code OS_CLOUD_NAME} names it otherwise. */
    private static final String ENVIRONMENT = "envvars";

    private static final int MOST_CHARACTERS = 1 << 20;

    private final List<String> errors = new ArrayList<>();
    private final Map<String, Entry> entries = new TreeMap<>();
    private final String looked;

    /** @param source the file or environment that it stands in */
    private record Entry(String source, Map<String, Object> fields) {}

    private CloudsYaml(Map<String, String> environment, Path directory, Path userHome) {
        var places = List.of(directory, userHome.resolve(".config/openstack"), Path.of("/etc/openstack"));
        var clouds = files(environment.get("OS_CLIENT_CONFIG_FILE"), "clouds", places);
        var file = clouds.stream().filter(Files::isRegularFile).findFirst();
        // Beside the clouds that it belongs to, before anywhere else.
        var besides = new ArrayList<Path>();
        file.map(found -> found.toAbsolutePath().getParent()).ifPresent(besides::add);
        besides.addAll(places);
        var secure = files(environment.get("OS_CLIENT_SECURE_FILE"), "secure", besides);
        var secrets = secure.stream().filter(Files::isRegularFile).findFirst();
        looked = file.map(Path::toString)
                .orElseGet(() -> "no clouds.yaml in " + directory + ", ~/.config/openstack or /etc/openstack");
        file.ifPresent(found -> add(found, false));
        secrets.ifPresent(found -> add(found, true));
        addEnvironment(environment);
    }

    /**
     * @param environment the process's
     * @param directory where it was started
     * @throws InvalidClouds with all that is wrong with the clouds of these names; others are not looked at
     */
    public static Map<String, Cloud> read(
            Map<String, String> environment, Path directory, Path userHome, Collection<String> names)
            throws InvalidClouds {
        var yaml = new CloudsYaml(environment, directory, userHome);
        var clouds = new LinkedHashMap<String, Cloud>();
        for (var name : names) {
            yaml.cloud(name).ifPresent(cloud -> clouds.put(name, cloud));
        }
        if (!yaml.errors.isEmpty()) {
            throw new InvalidClouds(yaml.errors);
        }
        return clouds;
    }

    private Optional<Cloud> cloud(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            var known = entries.isEmpty() ? "" : "; there are " + String.join(", ", entries.keySet());
            errors.add("%s: there is no cloud %s%s. Describe it there, as OpenStack's own clients want it."
                    .formatted(looked, name, known));
            return Optional.empty();
        }
        return new CloudFields(name, entry.source(), entry.fields(), errors).cloud();
    }

    private static List<Path> files(@Nullable String named, String stem, List<Path> places) {
        var files = new ArrayList<Path>();
        if (named != null && !named.isBlank()) {
            files.add(Path.of(named));
        }
        for (var place : places) {
            Stream.of(".yaml", ".yml", ".json")
                    .map(end -> place.resolve(stem + end))
                    .forEach(files::add);
        }
        return files;
    }

    private void add(Path file, boolean secrets) {
        var clouds = parsed(file).get("clouds");
        if (!(clouds instanceof Map<?, ?> map)) {
            if (!secrets) {
                errors.add(file + ": it has no mapping called clouds. Start it with 'clouds:'.");
            }
            return;
        }
        map.forEach((name, fields) -> {
            if (fields instanceof Map<?, ?> own) {
                var known = entries.get(String.valueOf(name));
                var source = known == null ? file.toString() : known.source();
                var merged = known == null ? new TreeMap<String, Object>() : new TreeMap<>(known.fields());
                merge(merged, own);
                entries.put(String.valueOf(name), new Entry(source, merged));
            }
        });
    }

    private static void merge(Map<String, Object> into, Map<?, ?> from) {
        from.forEach((key, value) -> {
            var name = String.valueOf(key);
            if (value instanceof Map<?, ?> inner) {
                var merged = new TreeMap<String, Object>();
                if (into.get(name) instanceof Map<?, ?> before) {
                    merge(merged, before);
                }
                merge(merged, inner);
                into.put(name, merged);
            } else if (value != null) {
                into.put(name, value);
            }
        });
    }

    /** Every scalar as it is written, for a password of digits is a text like any other; and {@code <<} merges a mapping. */
    private static final class Texts extends FailsafeSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            var texts = new FailsafeScalarResolver();
            texts.addImplicitResolver(Tag.MERGE, CoreScalarResolver.MERGE, "<");
            return texts;
        }
    }

    private Map<?, ?> parsed(Path file) {
        var settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setSchema(new Texts())
                .setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(50)
                .build();
        try {
            var root = new Load(settings).loadFromString(Files.readString(file));
            if (root instanceof Map<?, ?> map) {
                return map;
            }
            errors.add(file + ": it is not a mapping. Start it with 'clouds:'.");
        } catch (IOException e) {
            errors.add(file + ": it can't be read: " + e.getMessage() + ". Mend its permissions.");
        } catch (MarkedYamlEngineException e) {
            // Its own text quotes the line, which may hold a secret.
            var line = e.getProblemMark()
                    .map(mark -> "line " + (mark.getLine() + 1))
                    .orElse("a line");
            errors.add(file + ": " + line + " is not YAML: " + e.getProblem() + ". Correct it.");
        } catch (YamlEngineException e) {
            errors.add(file + ": it is not YAML. Correct it.");
        }
        return Map.of("clouds", Map.of());
    }

    private void addEnvironment(Map<String, String> environment) {
        if (!environment.containsKey("OS_AUTH_URL")) {
            return;
        }
        var fields = new TreeMap<String, Object>();
        var auth = new TreeMap<String, Object>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith("OS_") && !value.isEmpty()) {
                var field = variable.substring(3).toLowerCase(Locale.ROOT);
                (CloudFields.AUTH.contains(field) ? auth : fields).put(field, value);
            }
        });
        // The names that older clients took.
        auth.computeIfAbsent("project_name", _ -> environment.get("OS_TENANT_NAME"));
        auth.computeIfAbsent("project_id", _ -> environment.get("OS_TENANT_ID"));
        fields.put("auth", auth);
        var name = environment.getOrDefault("OS_CLOUD_NAME", ENVIRONMENT);
        entries.put(name, new Entry("the environment", fields));
    }
}
