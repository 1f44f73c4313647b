package org.ifaas.openstack.cloud;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of one cloud, checked; what is wrong is added to {@code errors}, with the mend. */
final class CloudFields {
    /** Those that stand under {@code auth}. */
    static final Set<String> AUTH = Set.of(
            "auth_url",
            "username",
            "user_id",
            "password",
            "project_name",
            "project_id",
            "user_domain_name",
            "user_domain_id",
            "project_domain_name",
            "project_domain_id",
            "default_domain",
            "application_credential_id",
            "application_credential_name",
            "application_credential_secret");

    private static final Set<String> FACES = Set.of("public", "internal", "admin");
    private static final String OVERRIDE = "_endpoint_override";

    /** Those of which endpoints may be overridden: what the factory asks. */
    private static final Set<String> SERVICES = Set.of("image", "compute", "network", "block-storage");

    /** What would have to hold for one region alone. */
    private static final Set<String> OF_THE_CLOUD =
            Set.of("auth", "auth_type", "interface", "endpoint_type", "cacert", "verify", "insecure");

    private final String name;
    private final String source;
    private final Map<String, Object> fields;
    private final Map<String, Object> auth = new TreeMap<>();
    private final List<String> errors;
    private final int before;

    CloudFields(String name, String source, Map<String, Object> fields, List<String> errors) {
        this.name = name;
        this.source = source;
        this.fields = fields;
        this.errors = errors;
        this.before = errors.size();
        if (fields.get("auth") instanceof Map<?, ?> map) {
            map.forEach((key, value) -> auth.put(String.valueOf(key), value));
        }
    }

    Optional<Cloud> cloud() {
        var authUrl = authUrl();
        var credential = credential();
        var cloud = new Cloud(
                name,
                source,
                authUrl == null ? URI.create("http://invalid") : authUrl,
                credential == null ? new Credential.Application("", null, null, new Secret("")) : credential,
                regions(),
                face(),
                caFile(),
                verify(),
                overrides());
        return errors.size() > before ? Optional.empty() : Optional.of(cloud);
    }

    private void error(String field, String problem, String mend) {
        errors.add("%s: cloud %s: %s: %s. %s".formatted(source, name, field, problem, mend));
    }

    private @Nullable URI authUrl() {
        var url = text(auth, "auth_url");
        if (url == null) {
            var why = fields.containsKey("profile") ? " (profiles of vendors are not read)" : "";
            error("auth.auth_url", "is missing" + why, "Write Keystone's address, such as https://cloud:5000/v3.");
            return null;
        }
        var uri = uri("auth.auth_url", url);
        if (uri == null) {
            return null;
        }
        var plain = uri.toString().replaceFirst("/+$", "");
        if (plain.endsWith("/v2.0")) {
            error("auth.auth_url", plain + " is Keystone v2", "Name the v3 address.");
        }
        return URI.create(plain.endsWith("/v3") ? plain : plain + "/v3");
    }

    private @Nullable URI uri(String field, String text) {
        try {
            var uri = new URI(text.strip());
            if (List.of("http", "https").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Refused below, like one without a host.
        }
        error(field, text + " is not an address", "Write it with http:// or https:// and a host.");
        return null;
    }

    private @Nullable Credential credential() {
        var type = text(fields, "auth_type");
        boolean application = type == null
                ? auth.containsKey("application_credential_id") || auth.containsKey("application_credential_name")
                : type.equals("v3applicationcredential");
        if (type != null && !application && !List.of("password", "v3password").contains(type)) {
            error("auth_type", type + " is not supported", "Use v3applicationcredential, or password.");
            return null;
        }
        return application ? application() : password();
    }

    private Credential application() {
        var id = text(auth, "application_credential_id");
        var called = text(auth, "application_credential_name");
        if (id == null && called == null) {
            error(
                    "auth.application_credential_id",
                    "is missing",
                    "'openstack application credential create' prints id and secret.");
        }
        var user = id == null && called != null ? named("user", "username", "user_id") : null;
        return new Credential.Application(id, called, user, secret("application_credential_secret"));
    }

    private Credential password() {
        var user = named("user", "username", "user_id");
        var project = named("project", "project_name", "project_id");
        return new Credential.Password(user, secret("password"), project);
    }

    private Secret secret(String field) {
        var value = text(auth, field);
        if (value == null) {
            error("auth." + field, "is missing", "Write it into secure.yaml beside clouds.yaml, mode 0600.");
        }
        return new Secret(value == null ? "" : value);
    }

    private Credential.Named named(String kind, String nameField, String idField) {
        var id = text(auth, idField);
        var called = text(auth, nameField);
        if (id == null && called == null) {
            error("auth." + nameField, "is missing", "Write it, or " + idField + ".");
        }
        if (id != null) {
            return new Credential.Named(id, null, null);
        }
        var domainId = text(auth, kind + "_domain_id");
        var domainName = text(auth, kind + "_domain_name");
        if (domainId == null && domainName == null) {
            domainId = text(auth, "default_domain");
        }
        if (domainId == null && domainName == null && called != null) {
            error(
                    "auth." + kind + "_domain_name",
                    "is missing, and a name is only unique within a domain",
                    "Write the " + kind + "'s domain, often Default.");
        }
        return new Credential.Named(null, called, new Credential.Domain(domainId, domainName));
    }

    private List<String> regions() {
        var regions = new ArrayList<String>();
        if (fields.get("regions") instanceof List<?> list) {
            for (var region : list) {
                regions.add(region instanceof Map<?, ?> map ? region(map) : String.valueOf(region));
            }
        }
        var one = text(fields, "region_name");
        if (one != null && !regions.contains(one)) {
            regions.addFirst(one);
        }
        return regions;
    }

    private String region(Map<?, ?> region) {
        var called = String.valueOf(region.get("name"));
        if (region.get("values") instanceof Map<?, ?> values) {
            for (var key : values.keySet()) {
                var field = String.valueOf(key);
                if (OF_THE_CLOUD.contains(field) || overridden(field) != null) {
                    error(
                            "regions: " + called + ": values: " + field,
                            "is not read for one region alone",
                            "Describe the region as a cloud of its own, with region_name, and name that in clouds of ifaas.yaml.");
                }
            }
        }
        return called;
    }

    private String face() {
        var written = text(fields, "interface");
        if (written == null) {
            written = text(fields, "endpoint_type");
        }
        if (written == null) {
            return "public";
        }
        var face = written.toLowerCase(Locale.ROOT).replaceFirst("url$", "");
        if (!FACES.contains(face)) {
            error("interface", written + " is none", "Choose among public, internal, admin.");
        }
        return face;
    }

    private @Nullable Path caFile() {
        var written = text(fields, "cacert");
        if (written == null) {
            return null;
        }
        var file = Path.of(written.replaceFirst("^~/", System.getProperty("user.home") + "/"));
        if (!Files.isReadable(file)) {
            error("cacert", file + " can't be read", "Name a file with certificates in PEM.");
        }
        return file;
    }

    private boolean verify() {
        var insecure = flag("insecure", false);
        return flag("verify", !insecure);
    }

    private boolean flag(String field, boolean otherwise) {
        var written = text(fields, field);
        if (written == null) {
            return otherwise;
        }
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> {
                error(field, written + " is neither true nor false", "Write true or false.");
                yield otherwise;
            }
        };
    }

    private Map<String, URI> overrides() {
        var overrides = new TreeMap<String, URI>();
        fields.forEach((field, value) -> {
            var service = overridden(field);
            var uri = service == null ? null : uri(field, String.valueOf(value));
            if (service != null && uri != null) {
                overrides.put(service, URI.create(uri.toString().replaceFirst("/+$", "")));
            }
        });
        return overrides;
    }

    /** The service whose endpoint that field overrides; null for other fields. */
    private static @Nullable String overridden(String field) {
        var service = field.endsWith(OVERRIDE)
                ? field.substring(0, field.length() - OVERRIDE.length()).replace('_', '-')
                : "";
        return SERVICES.contains(service) ? service : null;
    }

    private static @Nullable String text(Map<String, Object> fields, String field) {
        var value = fields.get(field);
        if (value == null || value instanceof Map || value instanceof List) {
            return null;
        }
        var text = String.valueOf(value);
        return text.isBlank() || text.equals("null") ? null : text;
    }
}
