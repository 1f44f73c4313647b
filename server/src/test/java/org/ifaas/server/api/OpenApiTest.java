package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ifaas.server.api.OpenApiDocument.map;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ifaas.api.BuildView;
import org.ifaas.server.QueryNames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code openapi.yaml} says what the server does: every route, and every field of every record. */
class OpenApiTest {
    private static final Map<String, Object> DOCUMENT = OpenApiDocument.read();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** Routes register what they are asked for without looking at what they serve it from. */
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    private static Map<String, HttpService> services() {
        return Map.ofEntries(
                Map.entry("/builds", new BuildRoutes(null, null, null, null, null, null, null, null, null)),
                Map.entry("/images", new ImageRoutes(null, null, Set.of())),
                Map.entry("/regions", new RegionRoutes(null, null)),
                Map.entry("/health", new HealthRoutes(null)),
                Map.entry("/hosts", new HostRoutes(null, null)),
                Map.entry("/schedules", new ScheduleRoutes(null, null)),
                Map.entry("/audit", new AuditRoutes(null)),
                Map.entry("/metrics", new MetricsRoutes(null)),
                Map.entry("/tokens", new TokenRoutes(null, null, null)),
                Map.entry("/statistics", new StatisticsRoutes(null)),
                Map.entry("/console", new ConsoleRoutes(null, null, null)),
                Map.entry("/certification", new CertificationRoutes(null, null, null)),
                Map.entry("/hooks/git", new HookRoutes(null, null)),
                Map.entry("/publications", new PublicationRoutes(null, null, null, null, null)),
                Map.entry("/requests", new RequestRoutes(null, null, null, null)),
                Map.entry("/releases", new ReleaseRoutes(null, null, null, null)),
                Map.entry("", new SystemRoutes(null, null, null, null, null)));
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        var registered = new TreeSet<String>();
        services().forEach((prefix, service) -> record(service, (route) -> registered.add(route.at(prefix))));
        var described = new TreeSet<String>();
        at("paths")
                .forEach((path, operations) -> map(operations).keySet().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        // What refuses all other methods.
        registered.removeIf(route -> route.startsWith("ANY "));
        assertThat(described).isEqualTo(registered);
    }

    @Test
    void everyOperationIsKnownByItsNameToThoseWhoSayWhoMay() {
        var described = new TreeSet<String>();
        at("paths")
                .forEach((path, operations) -> map(operations).forEach((method, operation) -> {
                    if (METHODS.contains(method) && !path.startsWith("/hooks/") && !path.startsWith("/health")) {
                        var name = String.valueOf(map(operation).get("operationId"));
                        described.add(name + " " + method.toUpperCase(Locale.ROOT) + " " + path);
                    }
                }));
        assertThat(Arrays.stream(Operation.values())
                        .map(operation -> camel(operation.name()) + " " + operation.method() + " " + operation.path()))
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void everyOperationThatMayBeSentAgainSaysSo() {
        var described = new TreeSet<String>();
        at("paths")
                .forEach((path, operations) -> map(operations).forEach((method, operation) -> {
                    if (METHODS.contains(method)
                            && map(operation).get("parameters") instanceof List<?> parameters
                            && parameters.contains(Map.of("$ref", "#/components/parameters/idempotencyKey"))) {
                        described.add(String.valueOf(map(operation).get("operationId")));
                    }
                }));
        assertThat(Arrays.stream(Operation.values())
                        .filter(Operation::hasKey)
                        .map(operation -> camel(operation.name())))
                .containsExactlyInAnyOrderElementsOf(described)
                .contains("cancelBuild", "retryBuild", "destroyHost", "createToken", "certify");
    }

    @Test
    void noAnswerWithASecretIsKept() {
        var secret = new TreeSet<String>();
        at("paths")
                .forEach((path, operations) -> map(operations).forEach((method, operation) -> {
                    if (METHODS.contains(method) && answers(map(operation)).anyMatch(OpenApiTest::hasSecret)) {
                        secret.add(String.valueOf(map(operation).get("operationId")));
                    }
                }));
        assertThat(Arrays.stream(Operation.values())
                        .filter(operation -> secret.contains(camel(operation.name())))
                        .filter(Operation::keepsAnswer))
                .containsExactlyInAnyOrder(Operation.CREATE_TOKEN, Operation.MAKE_PASSWORD)
                .allMatch(Operation::answersSecret);
    }

    @Test
    void everyParameterThatIsReadIsDescribedAndNothingElse() {
        var described = Pattern.compile("\\{name=(\\w+), in=query")
                .matcher(DOCUMENT.toString())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(QueryNames.readBy("api")).contains("cursor", "wait");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/hooks              | 200 | application/json         | {}
            /api/v1/audit/verify       | 200 | application/json         | {"whole":true,"entries":1,"head":"","brokenAt":null,"why":null}
            /api/v1/audit/verify?head= | 304 |                          |
            /api/v1/builds/x           | 404 | application/problem+json | {"title":"","status":404,"detail":"","field":"","value":null,"mend":"","errors":[]}
            """)
    void anAnswerAsItIsDescribedIsTakenForOne(String path, int status, String type, String body) {
        assertThat(OpenApiAnswers.problem("GET", path, answer(status, type, body)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1/audit/verify | 200 | application/json         | {"whole":"yes","entries":1,"head":"","brokenAt":null,"why":null} | boolean expected
            /api/v1/audit/verify | 200 | application/json         | {"whole":true}                                                   | required property 'entries'
            /api/v1/audit/verify | 200 | text/html                | {}                                                               | text/html is none of
            /api/v1/audit/verify | 202 | application/json         | {}                                                               | no answer 202
            /api/v1/builds/x     | 404 | application/problem+json | {"title":""}                                                     | required property
            """)
    void anAnswerThatIsOtherwiseIsFoundOut(String path, int status, String type, String body, String problem) {
        assertThat(OpenApiAnswers.problem("GET", path, answer(status, type, body)))
                .contains(problem);
    }

    private static OpenApiAnswers.Answer answer(int status, @Nullable String type, @Nullable String body) {
        return new OpenApiAnswers.Answer() {
            @Override
            public int status() {
                return status;
            }

            @Override
            public String header(String name) {
                return name.equals("Content-Type") && type != null ? type : "";
            }

            @Override
            public String body() {
                return body == null ? "" : body;
            }
        };
    }

    /** Names of the schemas of what an operation answers. */
    private static Stream<String> answers(Map<String, Object> operation) {
        return Pattern.compile("#/components/schemas/([A-Za-z.]+)")
                .matcher(String.valueOf(operation.get("responses")))
                .results()
                .map(found -> found.group(1));
    }

    private static boolean hasSecret(String schema) {
        var properties = map(at("components", "schemas").get(schema)).get("properties");
        return properties != null && map(properties).keySet().stream().anyMatch(Set.of("secret", "password")::contains);
    }

    private static String camel(String name) {
        return Pattern.compile("_(.)")
                .matcher(name.toLowerCase(Locale.ROOT))
                .replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }

    @Test
    void noServiceIsForgottenHere() throws IOException {
        var known = services().values().stream()
                .map(service -> service.getClass().getSimpleName())
                .toList();
        var classes = Path.of(Objects.requireNonNull(Api.class.getResource("Api.class"))
                        .getPath())
                .getParent();
        try (var files = Files.list(Objects.requireNonNull(classes))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> name.endsWith("Routes.class"))
                            .map(name -> name.replace(".class", "")))
                    .containsExactlyInAnyOrderElementsOf(known);
        }
    }

    static Stream<Class<?>> records() throws Exception {
        var classes = Path.of(Objects.requireNonNull(BuildView.class.getResource("BuildView.class"))
                        .toURI())
                .getParent();
        var found = new ArrayList<Class<?>>();
        try (var files = Files.list(Objects.requireNonNull(classes))) {
            for (var file : files.toList()) {
                var type = Class.forName(
                        "org.ifaas.api." + String.valueOf(file.getFileName()).replace(".class", ""));
                if (type.isRecord()) {
                    found.add(type);
                }
            }
        }
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyFieldIsDescribedWithItsType(Class<?> type) {
        var schema = map(at("components", "schemas").get(name(type)));
        var properties = map(schema.get("properties"));
        assertThat(properties.keySet())
                .containsExactly(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toArray(String[]::new));
        if (name(type).matches(".*(View|Verdict).*")) { // answers have all their fields; requests may leave out most
            assertThat(schema.get("required")).isEqualTo(List.copyOf(properties.keySet()));
        }
        for (var component : type.getRecordComponents()) {
            var property = map(properties.get(component.getName()));
            assertThat(types(property)).as(component.getName()).isEqualTo(expected(component));
        }
    }

    /** One inside another is named after both. */
    private static String name(Class<?> type) {
        return type.getName().replaceFirst(".*\\.", "").replace('$', '.');
    }

    /** As written, without those of a schema that is referred to. */
    private static Set<String> types(Map<String, Object> property) {
        if (property.get("$ref") instanceof String reference) {
            var name = reference.replaceFirst(".*/", "");
            return Set.of(name.equals("BuildState") ? "string" : name);
        }
        if (property.get("oneOf") instanceof List<?> choices) {
            var all = new TreeSet<String>();
            choices.forEach(choice -> all.addAll(types(map(choice))));
            return all;
        }
        return property.get("type") instanceof List<?> several
                ? new TreeSet<>(several.stream().map(String::valueOf).toList())
                : Set.of(String.valueOf(property.get("type")));
    }

    private static Set<String> expected(RecordComponent component) {
        var type = component.getType();
        var name = type == String.class || type == Instant.class
                ? "string"
                : type == List.class
                        ? "array"
                        : type == Map.class
                                ? "object"
                                : type == boolean.class || type == Boolean.class
                                        ? "boolean"
                                        : type == double.class
                                                ? "number"
                                                : type.isPrimitive() || Number.class.isAssignableFrom(type)
                                                        ? "integer"
                                                        : type.getSimpleName();
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                ? new TreeSet<>(Set.of(name, "null"))
                : Set.of(name);
    }

    private record Route(String method, String path) {
        String at(String prefix) {
            var whole = prefix + path;
            return method + " " + (whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole);
        }
    }

    private static void record(HttpService service, Consumer<Route> found) {
        var rules = (HttpRules) Proxy.newProxyInstance(
                HttpRules.class.getClassLoader(), new Class<?>[] {HttpRules.class}, (self, method, arguments) -> {
                    found.accept(new Route(method.getName().toUpperCase(Locale.ROOT), (String) arguments[0]));
                    return self;
                });
        service.routing(rules);
    }

    private static Map<String, Object> at(String... path) {
        var here = DOCUMENT;
        for (var name : path) {
            here = map(here.get(name));
        }
        return here;
    }
}
