package org.ifaas.server.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.server.api.Lists;
import org.ifaas.server.api.Reach;
import org.ifaas.server.login.Right;
import org.ifaas.sources.BuildParameters;
import org.ifaas.sources.InvalidParameters;
import org.ifaas.sources.Problem;
import org.ifaas.sources.RequestCheck;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The form for a new build: a field for each parameter of the published schema, with its defaults and the definition's. */
public final class NewBuild {
    /** Sent with the whole form, where a box that is not ticked sends nothing. */
    private static final String WHOLE = "whole";

    /** The image whose regions the form has shown as its defaults. */
    private static final String OF = "of";

    private static final String HOME = "home";

    /** Of the page that the form is on. */
    private static final String KEY = "key";

    private final Builds builds;
    private final RequestCheck check;
    private final Lists lists;
    private final Reach reach;
    private final Registries registries;
    private final JsonNode schema;

    NewBuild(Builds builds, RequestCheck check, Lists lists, Reach reach, Registries registries) {
        this.builds = builds;
        this.check = check;
        this.lists = lists;
        this.reach = reach;
        this.registries = registries;
        try (var in = BuildParameters.class.getResourceAsStream("/schemas/build-parameters.schema.json")) {
            this.schema = JsonMapper.shared().readTree(Objects.requireNonNull(in, "the schema is not packaged"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param of the image whose defaults are shown
     * @param problem of the whole; empty when there is none, or when it is a field's
     */
    public record Page(List<Field> fields, String of, String problem) {}

    public enum Kind {
        TEXT,
        CHOICE,
        FLAG,
        CHOICES
    }

    /**
     * @param options to choose among, where there are such
     * @param values what is there already
     * @param problem what is wrong with it; empty when nothing is
     */
    public record Field(
            String name,
            String title,
            String help,
            Kind kind,
            List<String> options,
            List<String> values,
            String problem) {
        public String value() {
            return String.join(" ", values);
        }

        public boolean has(String option) {
            return values.contains(option);
        }

        public boolean wrong() {
            return !problem.isEmpty();
        }

        public String described() {
            return name + "-help" + (wrong() ? " " + name + "-problem" : "");
        }
    }

    void show(Exchange exchange) {
        boolean filled = !exchange.query(WHOLE).isEmpty();
        exchange.page(
                "New build", "/new-build", "new-build", page(images(exchange), exchange::queries, filled, List.of()));
    }

    void request(Exchange exchange) throws InterruptedException {
        var form = exchange.form();
        try {
            var json = json(images(exchange), form, !form.text(WHOLE).isEmpty()).toString();
            var asked = check.named(BuildParameters.asked(json));
            var account = exchange.account();
            Reach.check(account, Right.BUILD, asked.parameters());
            // Pressed twice it is one build; what was filled in anew after going back is another.
            var key = (form.text(KEY).isEmpty() ? UUID.randomUUID().toString() : form.text(KEY)) + json;
            var before = builds.asked(account.name(), key);
            var build = before.isPresent()
                    ? before.get()
                    : builds.request(check.check(asked, account.images(Right.SEE)), account.name(), key);
            exchange.redirect("/builds/" + build.id());
        } catch (InvalidParameters e) {
            exchange.page(
                    400,
                    "New build",
                    "/new-build",
                    "new-build",
                    page(images(exchange), form::texts, true, e.problems()));
        }
    }

    /** The regions of each that whoever asks may build, the home region first. */
    private Map<String, List<String>> images(Exchange exchange) {
        var may = exchange.account().images(Right.BUILD);
        var images = new LinkedHashMap<String, List<String>>();
        for (var listed : lists.definitions(exchange.account())) {
            if (listed.definition() != null && listed.error() == null && may.has(listed.name())) {
                var own = listed.definition().regions();
                images.putIfAbsent(listed.name(), own.isEmpty() ? registries.regions(null) : own);
            }
        }
        return images;
    }

    private Page page(
            Map<String, List<String>> images,
            Function<String, List<String>> given,
            boolean filled,
            List<Problem> problems) {
        var asked = reach.imageNamed(first(given, "image"));
        var image = images.containsKey(asked)
                ? asked
                : images.keySet().stream().findFirst().orElse("");
        // What was ticked as the defaults of another image says nothing of this one.
        var of = first(given, OF);
        boolean ofAnother = !of.isEmpty() && !of.equals(image) && problems.isEmpty();
        var own = images.getOrDefault(image, List.of());
        Function<String, List<String>> values = name -> switch (name) {
            case "image" -> List.of(image);
            case "regions" -> ofAnother || given.apply(name).isEmpty() ? own : given.apply(name);
            case HOME ->
                ofAnother || first(given, name).isEmpty()
                        ? own.stream().limit(1).toList()
                        : given.apply(name);
            default -> given.apply(name);
        };
        var byField = new HashMap<String, String>();
        var whole = "";
        for (var problem : problems) {
            var field = problem.field().replaceFirst("\\[.*", "");
            var text = problem.problem() + ". " + problem.mend();
            if (schema.path("properties").has(field)) {
                byField.merge(
                        field,
                        problem.value().isEmpty() ? "It " + text : "“" + problem.value() + "” " + text,
                        (a, b) -> a + " " + b);
            } else {
                whole = problem.text();
            }
        }
        var fields = new ArrayList<Field>();
        for (var property : schema.path("properties").properties()) {
            fields.add(field(property.getKey(), property.getValue(), images, values, filled, byField));
            if (property.getKey().equals("regions")) {
                fields.add(new Field(
                        HOME,
                        "Home region",
                        "The region that has the image first, and where it is tested.",
                        Kind.CHOICE,
                        options("regions", property.getValue(), images),
                        values.apply(HOME),
                        ""));
            }
        }
        return new Page(fields, problems.isEmpty() ? image : of, whole);
    }

    private static String first(Function<String, List<String>> given, String name) {
        return given.apply(name).stream().findFirst().orElse("");
    }

    private Field field(
            String name,
            JsonNode property,
            Map<String, List<String>> images,
            Function<String, List<String>> given,
            boolean filled,
            Map<String, String> problems) {
        var values = given.apply(name).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
        if (values.isEmpty() && !filled && property.has("default")) {
            values = List.of(property.get("default").asString());
        }
        return new Field(
                name,
                title(name),
                property.path("description").asString(""),
                kind(name, property),
                options(name, property, images),
                values,
                problems.getOrDefault(name, ""));
    }

    private static String title(String name) {
        if (name.equals("copyTo")) {
            return "Mail to";
        }
        var words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static Kind kind(String name, JsonNode property) {
        if (name.equals("image") || name.equals("cloud") || property.has("enum")) {
            return Kind.CHOICE;
        }
        return switch (type(property)) {
            case "boolean" -> Kind.FLAG;
            case "array" -> name.equals("regions") ? Kind.CHOICES : Kind.TEXT;
            default -> Kind.TEXT;
        };
    }

    private static String type(JsonNode property) {
        var type = property.path("type");
        return type.isArray() ? type.get(0).asString() : type.asString("string");
    }

    private List<String> options(String name, JsonNode property, Map<String, List<String>> images) {
        return switch (name) {
            case "image" -> List.copyOf(images.keySet());
            case "cloud" ->
                Stream.concat(Stream.of(""), registries.clouds().stream()).toList();
            case "regions" -> registries.all().stream().map(Registry::region).toList();
            default ->
                StreamSupport.stream(property.path("enum").spliterator(), false)
                        .filter(JsonNode::isString)
                        .map(JsonNode::asString)
                        .toList();
        };
    }

    /** The home region first; none where they are the definition's, so that a definition that changes meanwhile is followed. */
    private static List<String> regions(Map<String, List<String>> images, Form form, List<String> ticked) {
        var home = form.text(HOME);
        if (home.isEmpty()) {
            return ticked;
        }
        var chosen = new LinkedHashSet<String>();
        chosen.add(home);
        chosen.addAll(ticked.isEmpty() ? images.getOrDefault(form.text("image"), List.of()) : ticked);
        var shown = images.getOrDefault(form.text(OF), List.of());
        boolean untouched = !shown.isEmpty() && shown.getFirst().equals(home) && chosen.equals(new HashSet<>(shown));
        return untouched ? List.of() : List.copyOf(chosen);
    }

    /** The form as the parameters that it stands for; what is empty is left to the schema's default. */
    private ObjectNode json(Map<String, List<String>> images, Form form, boolean whole) {
        var json = JsonMapper.shared().createObjectNode();
        for (var property : schema.path("properties").properties()) {
            var name = property.getKey();
            var values = form.texts(name).stream()
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .toList();
            switch (type(property.getValue())) {
                case "boolean" -> {
                    if (whole || !values.isEmpty()) {
                        json.put(name, values.contains("true"));
                    }
                }
                case "array" -> {
                    var chosen = name.equals("regions") ? regions(images, form, values) : values;
                    if (!chosen.isEmpty()) {
                        var array = json.putArray(name);
                        chosen.forEach(value -> List.of(value.split("[\\s,]+")).forEach(array::add));
                    }
                }
                default -> {
                    if (!values.isEmpty()) {
                        json.put(name, values.getLast());
                    }
                }
            }
        }
        return json;
    }
}
