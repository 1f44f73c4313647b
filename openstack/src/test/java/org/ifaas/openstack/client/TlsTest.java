package org.ifaas.openstack.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.ifaas.openstack.fake.FakeCloud;
import org.ifaas.openstack.fake.TlsKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cloud whose certificates an authority of its own has signed. */
class TlsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    static Path folder;

    private static TlsKeys here;
    private static TlsKeys elsewhere;

    @BeforeAll
    static void keys() throws Exception {
        here = TlsKeys.in(folder.resolve("here"), "ip:127.0.0.1");
        elsewhere = TlsKeys.in(folder.resolve("elsewhere"), "dns:keystone.example");
    }

    private static FakeCloud cloud(TlsKeys keys) throws IOException {
        return new FakeCloud(() -> NOW, keys.sockets());
    }

    private static CloudClient client(FakeCloud cloud, Path authorities, boolean verify) {
        return cloud.client(cloud.cloud(cloud.cloud().credential(), authorities, verify));
    }

    @Test
    void the_authority_of_cacert_is_trusted_by_all_services() throws Exception {
        try (var cloud = cloud(here)) {
            var images = client(cloud, here.authority(), true).service("image", "one");
            assertThat(images.get("/v2/images").has("images")).isTrue();
        }
    }

    @Test
    void another_authoritys_certificate_is_refused_at_once_with_the_field_to_mend() throws Exception {
        try (var cloud = cloud(here)) {
            assertRefused(cloud, elsewhere, "unable to find valid certification path");
        }
    }

    @Test
    void a_certificate_for_another_name_is_refused_with_the_name_that_it_should_have() throws Exception {
        try (var cloud = cloud(elsewhere)) {
            assertRefused(cloud, elsewhere, "127.0.0.1");
        }
    }

    private static void assertRefused(FakeCloud cloud, TlsKeys trusted, String why) {
        var failure = catchThrowableOfType(CloudFailure.class, client(cloud, trusted.authority(), true)::roles);
        assertThat(failure)
                .hasMessageStartingWith(
                        "cloud fake, identity: POST /auth/tokens: no answer: its certificate is not trusted: ")
                .hasMessageContaining(why);
        assertThat(failure.mend()).contains("cacert of cloud fake in clouds.yaml");
        assertThat(cloud.waited).isEmpty();
    }

    @Test
    void without_verification_any_certificate_will_do() throws Exception {
        try (var cloud = cloud(elsewhere)) {
            assertThat(client(cloud, here.authority(), false).roles()).contains("member");
        }
    }

    @Test
    void a_file_without_certificates_is_told_with_its_name() throws Exception {
        var empty = Files.writeString(folder.resolve("empty.pem"), "none");
        try (var cloud = cloud(here)) {
            var trusting = cloud.cloud(cloud.cloud().credential(), empty, true);
            assertThatThrownBy(() -> new CloudClient(trusting, ClientPolicy.defaults(), () -> NOW, cloud.pause()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cloud fake: cacert: " + empty + " has no usable certificates: ");
        }
    }
}
