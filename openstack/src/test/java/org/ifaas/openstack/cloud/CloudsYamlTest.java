package org.ifaas.openstack.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudsYamlTest {
    private static final String WHOLE = """
            clouds:
              ours:
                auth:
                  auth_url: https://keystone.example:5000/v3/
                  application_credential_id: abc
                  application_credential_secret: hush
                auth_type: v3applicationcredential
                regions: [one, {name: two}]
                interface: internalURL
                verify: no
                image_endpoint_override: http://glance.example:9292/
              theirs:
                auth:
                  auth_url: http://keystone.example:5000
                  username: anna
                  password: 0123
                  project_name: factory
                  user_domain_name: Default
                  project_domain_id: default
                region_name: one
            """;

    @TempDir
    Path folder;

    private Path working;
    private Path home;

    @BeforeEach
    void folders() throws IOException {
        working = Files.createDirectories(folder.resolve("work"));
        home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve(".config/openstack"));
    }

    private Map<String, Cloud> read(Map<String, String> environment, String... names) throws InvalidClouds {
        return CloudsYaml.read(environment, working, home, List.of(names));
    }

    @Test
    void secrets_are_read_from_beside_the_file_that_was_named() throws Exception {
        var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        var named = Files.writeString(elsewhere.resolve("clouds.yaml"), WHOLE.replace("hush", "overridden"));
        Files.writeString(
                elsewhere.resolve("secure.yaml"), "clouds: {ours: {auth: {application_credential_secret: beside}}}");
        Files.writeString(
                working.resolve("secure.yaml"), "clouds: {ours: {auth: {application_credential_secret: other}}}");
        assertThat(read(Map.of("OS_CLIENT_CONFIG_FILE", named.toString()), "ours")
                        .values())
                .extracting(Cloud::credential)
                .containsExactly(new Credential.Application("abc", null, null, new Secret("beside")));
    }

    @Test
    void an_application_credential_and_a_password_are_read_as_the_file_has_them() throws Exception {
        Files.writeString(working.resolve("clouds.yaml"), WHOLE);
        var clouds = read(Map.of(), "ours", "theirs");
        var ours = clouds.get("ours");
        assertThat(ours.authUrl()).isEqualTo(URI.create("https://keystone.example:5000/v3"));
        assertThat(ours.credential()).isEqualTo(new Credential.Application("abc", null, null, new Secret("hush")));
        assertThat(ours.regions()).containsExactly("one", "two");
        assertThat(ours.face()).isEqualTo("internal");
        assertThat(ours.verify()).isFalse();
        assertThat(ours.endpoints()).containsEntry("image", URI.create("http://glance.example:9292"));
        var theirs = clouds.get("theirs");
        assertThat(theirs.authUrl()).hasToString("http://keystone.example:5000/v3");
        assertThat(theirs.credential())
                .as("a password of digits stays as it is written")
                .isEqualTo(new Credential.Password(
                        new Credential.Named(null, "anna", new Credential.Domain(null, "Default")),
                        new Secret("0123"),
                        new Credential.Named(null, "factory", new Credential.Domain("default", null))));
        assertThat(theirs.regions()).containsExactly("one");
        assertThat(theirs.face()).isEqualTo("public");
        assertThat(theirs.verify()).isTrue();
    }

    @Test
    void what_clouds_have_in_common_is_merged_into_each() throws Exception {
        Files.writeString(working.resolve("clouds.yaml"), """
                defaults: &defaults
                  region_name: one
                  interface: internal
                  auth: &auth {auth_url: "https://keystone.example:5000", application_credential_id: 01}
                clouds:
                  ours:
                    <<: *defaults
                    interface: admin
                    auth: {<<: *auth, application_credential_secret: "<<"}
                  theirs:
                    <<: [*defaults, {verify: "no"}]
                    auth: {<<: *auth, application_credential_secret: hush}
                """);
        var clouds = read(Map.of(), "ours", "theirs");
        var ours = clouds.get("ours");
        assertThat(ours.authUrl()).hasToString("https://keystone.example:5000/v3");
        assertThat(ours.credential()).isEqualTo(new Credential.Application("01", null, null, new Secret("<<")));
        assertThat(ours.regions()).containsExactly("one");
        assertThat(ours.face()).isEqualTo("admin");
        assertThat(clouds.get("theirs").face()).isEqualTo("internal");
        assertThat(clouds.get("theirs").verify()).isFalse();
    }

    @Test
    void what_would_hold_for_one_region_alone_is_refused_by_its_name() throws Exception {
        Files.writeString(
                working.resolve("clouds.yaml"),
                WHOLE.replace(
                        "{name: two}",
                        "{name: two, values: {image_endpoint_override: \"http://g2:9292\", cacert: /x, networks: []}}"));
        var invalid = catchThrowableOfType(InvalidClouds.class, () -> read(Map.of(), "ours"));
        assertThat(invalid.errors())
                .hasSize(2)
                .anyMatch(
                        error -> error.contains("cloud ours: regions: two: values: cacert: is not read for one region"))
                .anyMatch(error ->
                        error.contains("two: values: image_endpoint_override: is not read for one region alone."
                                + " Describe the region as a cloud of its own"));
    }

    @Test
    void secrets_may_lie_in_a_file_of_their_own() throws Exception {
        Files.writeString(
                working.resolve("clouds.yaml"), WHOLE.replace("      application_credential_secret: hush\n", ""));
        Files.writeString(
                home.resolve(".config/openstack/secure.yaml"),
                "clouds: {ours: {auth: {application_credential_secret: whisper}}}");
        assertThat(read(Map.of(), "ours").get("ours").credential())
                .isEqualTo(new Credential.Application("abc", null, null, new Secret("whisper")));
    }

    @Test
    void the_first_file_wins_and_the_one_that_is_named_comes_first() throws Exception {
        Files.writeString(home.resolve(".config/openstack/clouds.yaml"), WHOLE.replace("abc", "from-home"));
        assertThat(read(Map.of(), "ours").get("ours").credential()).asString().contains("from-home");
        Files.writeString(working.resolve("clouds.yml"), WHOLE.replace("abc", "from-here"));
        assertThat(read(Map.of(), "ours").get("ours").credential()).asString().contains("from-here");
        var named = Files.writeString(folder.resolve("x.yaml"), WHOLE.replace("abc", "named"));
        var clouds = read(Map.of("OS_CLIENT_CONFIG_FILE", named.toString()), "ours");
        assertThat(clouds.get("ours").credential()).asString().contains("named");
        assertThat(clouds.get("ours").source()).isEqualTo(named.toString());
    }

    @Test
    void the_environment_is_a_cloud_of_its_own() throws Exception {
        var environment = Map.of(
                "OS_AUTH_URL", "http://keystone:5000/v3",
                "OS_USERNAME", "anna",
                "OS_PASSWORD", "hush",
                "OS_TENANT_NAME", "factory",
                "OS_USER_DOMAIN_NAME", "Default",
                "OS_PROJECT_DOMAIN_NAME", "Default",
                "OS_REGION_NAME", "one",
                "OS_INTERFACE", "admin");
        var cloud = read(environment, "envvars").get("envvars");
        assertThat(cloud.source()).isEqualTo("the environment");
        assertThat(cloud.regions()).containsExactly("one");
        assertThat(cloud.face()).isEqualTo("admin");
        assertThat(cloud.credential()).isInstanceOf(Credential.Password.class);
    }

    @Test
    void all_errors_come_at_once_with_file_cloud_field_and_mend_and_without_a_secret() throws Exception {
        var file = Files.writeString(working.resolve("clouds.yaml"), """
                clouds:
                  a:
                    auth: {auth_url: "keystone", password: hush, username: anna}
                    interface: side
                    cacert: /nowhere/ca.pem
                    verify: maybe
                  b: {auth: {application_credential_id: x}, profile: vendor}
                  c: {auth_type: v3oidc, auth: {auth_url: "http://k/v2.0"}}
                """);
        var invalid = catchThrowableOfType(InvalidClouds.class, () -> read(Map.of(), "a", "b", "c", "d"));
        assertThat(invalid.errors()).allMatch(error -> error.startsWith(file + ": "));
        assertThat(invalid.getMessage())
                .contains(
                        "cloud a: auth.auth_url: keystone is not an address. Write it with http",
                        "cloud a: auth.project_name: is missing. Write it, or project_id.",
                        "cloud a: auth.user_domain_name: is missing",
                        "cloud a: interface: side is none. Choose among public",
                        "cloud a: cacert: /nowhere/ca.pem can't be read",
                        "cloud a: verify: maybe is neither true nor false",
                        "cloud b: auth.auth_url: is missing (profiles of vendors are not read)",
                        "cloud b: auth.application_credential_secret: is missing",
                        "cloud c: auth_type: v3oidc is not supported",
                        "cloud c: auth.auth_url: http://k/v2.0 is Keystone v2",
                        "there is no cloud d; there are a, b, c")
                .doesNotContain("hush");
    }

    @Test
    void a_file_that_is_no_yaml_is_told_by_its_line_and_not_quoted() throws Exception {
        Files.writeString(working.resolve("clouds.yaml"), "clouds:\n  a:\n    password: [hush\n");
        var invalid = catchThrowableOfType(InvalidClouds.class, () -> read(Map.of(), "a"));
        assertThat(invalid.getMessage())
                .contains("clouds.yaml: line ", "is not YAML")
                .doesNotContain("hush");
    }

    @Test
    void a_secret_is_never_printed() {
        var credential = new Credential.Application("abc", null, null, new Secret("hush"));
        assertThat(credential.toString()).doesNotContain("hush").contains("(secret)");
    }
}
