package org.ifaas.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.server.console.SettingView;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A configuration file as names with dots and values, read with all its errors collected. */
final class Settings {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}) ?([KMG]iB)?");

    private final Map<String, Object> values = new TreeMap<>();
    private final Map<String, SettingView> known = new TreeMap<>();
    private final String document;
    private final List<String> errors = new ArrayList<>();

    Settings(String yaml) {
        this(yaml, "docs/operate/configuration.md");
    }

    /** @param document that lists all names */
    Settings(String yaml, String document) {
        this.document = document;
        try {
            var settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
            var root = new Load(settings).loadFromString(yaml);
            if (root instanceof Map<?, ?> map) {
                flatten("", map);
            } else if (root != null) {
                errors.add("the file is not a mapping of names to values: start it with a name and a colon");
            }
        } catch (YamlEngineException e) {
            errors.add("the file is not YAML: " + e.getMessage());
        }
    }

    private void flatten(String prefix, Map<?, ?> map) {
        map.forEach((key, value) -> {
            var name = prefix + key;
            if (value instanceof Map<?, ?> inner) {
                flatten(name + ".", inner);
            } else {
                values.put(name, value);
            }
        });
    }

    private <T> T read(String name, T ifMissing, String form, Function<String, T> parse) {
        know(name, ifMissing);
        var value = values.get(name);
        if (value == null) {
            return ifMissing;
        }
        try {
            return parse.apply(String.valueOf(value).strip());
        } catch (IllegalArgumentException | DateTimeParseException e) {
            error(name, value, form);
            return ifMissing;
        }
    }

    private void know(String name, @Nullable Object ifMissing) {
        var value = values.get(name);
        known.put(
                name,
                value == null
                        ? SettingView.byDefault(name, String.valueOf(ifMissing))
                        : SettingView.given(name, String.valueOf(value)));
    }

    /** Every setting that was asked for, by name, as it is. */
    List<SettingView> effective() {
        return List.copyOf(known.values());
    }

    /** One that is told as it is. */
    void problem(String text) {
        errors.add(text);
    }

    void error(String name, Object value, String form) {
        errors.add(name + ": " + value + " is not " + form);
    }

    String text(String name, String ifMissing) {
        return read(name, ifMissing, "a text", value -> value);
    }

    @Nullable
    String textOrNull(String name) {
        know(name, "none");
        return values.containsKey(name) ? String.valueOf(values.get(name)) : null;
    }

    int number(String name, int ifMissing, int least, int most) {
        return read(name, ifMissing, "a whole number from " + least + " to " + most, value -> {
            int number = Integer.parseInt(value);
            if (number < least || number > most) {
                throw new IllegalArgumentException(value);
            }
            return number;
        });
    }

    /** Bytes, such as {@code 16KiB}, {@code 64MiB}, {@code 2GiB} or a plain number. */
    long size(String name, long ifMissing, long least, long most) {
        var form = "a size from " + shown(least) + " to " + shown(most) + ", such as 16KiB, 64MiB, 2GiB";
        return read(name, ifMissing, form, value -> {
            var matcher = SIZE.matcher(value);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(value);
            }
            long bytes = Long.parseLong(matcher.group(1)) * bytesOf(matcher.group(2));
            if (bytes < least || bytes > most) {
                throw new IllegalArgumentException(value);
            }
            return bytes;
        });
    }

    private static long bytesOf(@Nullable String unit) {
        return switch (unit) {
            case "KiB" -> 1 << 10;
            case "MiB" -> 1 << 20;
            case "GiB" -> 1 << 30;
            case null, default -> 1;
        };
    }

    private static String shown(long bytes) {
        for (var unit : List.of("GiB", "MiB", "KiB")) {
            long one = bytesOf(unit);
            if (bytes >= one && bytes % one == 0) {
                return bytes / one + unit;
            }
        }
        return bytes + " bytes";
    }

    /** Every name that was asked for, whether the file has it or not. */
    Set<String> names() {
        return Set.copyOf(known.keySet());
    }

    boolean flag(String name, boolean ifMissing) {
        return read(name, ifMissing, "true or false", value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(value);
        });
    }

    /** The scheme, host and port of something that browsers open; null when it is missing. */
    @Nullable
    URI address(String name) {
        var value = textOrNull(name);
        if (value == null) {
            return null;
        }
        try {
            var address = new URI(value);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            if (web
                    && address.getHost() != null
                    && value.equals(address.getScheme() + "://" + address.getRawAuthority())
                    && address.getRawUserInfo() == null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Told below, like one with a path.
        }
        error(name, value, "an address such as https://images.example.org, without a path");
        return null;
    }

    /** Such as {@code 200ms}, {@code 30s}, {@code 15m}, {@code 4h}, {@code 7d} or {@code PT1H30M}. */
    Duration duration(String name, Duration ifMissing) {
        return read(name, ifMissing, "a duration such as 200ms, 30s, 15m, 4h, 7d or PT1H30M", Settings::duration);
    }

    static Duration duration(String value) {
        if (value.matches("[0-9]{1,6}ms")) {
            return Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)));
        }
        if (value.matches("[0-9]{1,6}[smhd]")) {
            var number = value.substring(0, value.length() - 1);
            return Duration.parse(
                    value.endsWith("d")
                            ? "P" + number + "D"
                            : "PT" + number
                                    + value.substring(value.length() - 1).toUpperCase(Locale.ROOT));
        }
        var duration = Duration.parse(value);
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(value);
        }
        return duration;
    }

    /** The entries of a list of mappings, each as settings of its own names. */
    List<Map<String, String>> entries(String name, Set<String> fields) {
        know(name, "those of the product");
        var value = values.get(name);
        var entries = new ArrayList<Map<String, String>>();
        if (value == null) {
            return entries;
        }
        if (!(value instanceof List<?> list)) {
            error(name, value, "a list");
            return entries;
        }
        for (var element : list) {
            if (!(element instanceof Map<?, ?> map)) {
                error(name, String.valueOf(element), "a mapping with " + String.join(", ", new TreeSet<>(fields)));
                continue;
            }
            var entry = new TreeMap<String, String>();
            map.forEach((key, inner) -> {
                if (fields.contains(String.valueOf(key))) {
                    entry.put(String.valueOf(key), text(inner));
                } else {
                    errors.add(name + ": there is no setting " + key + "; choose among "
                            + String.join(", ", new TreeSet<>(fields)));
                }
            });
            entries.add(entry);
        }
        return entries;
    }

    /** A list within an entry is written with commas, and so is a mapping, as {@code key=value}. */
    private static String text(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(","));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + text(pair.getValue()).replace(',', ' '))
                        .collect(Collectors.joining(","));
            default -> String.valueOf(value);
        };
    }

    List<String> texts(String name) {
        know(name, "none");
        return switch (values.get(name)) {
            case null -> List.of();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case Object value -> List.of(String.valueOf(value));
        };
    }

    /** As the working directory of today has it; null for null. */
    static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text).toAbsolutePath();
    }

    /** All errors, unknown names last; empty when there are none. */
    List<String> errors() {
        var all = new ArrayList<>(errors);
        values.keySet().stream()
                .filter(name -> !known.containsKey(name))
                .forEach(name -> all.add(name + ": there is no such setting; see " + document));
        return all;
    }
}
