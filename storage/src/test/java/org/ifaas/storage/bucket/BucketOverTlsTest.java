package org.ifaas.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.ifaas.factory.handover.BuiltFile;
import org.ifaas.factory.handover.HostOnThisMachine;
import org.ifaas.factory.host.Availability;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose certificate rests on an authority that no system knows. */
class BucketOverTlsTest {
    @TempDir
    static Path folder;

    @TempDir
    Path tmp;

    private static TlsKeys tls;
    private static S3Server server;

    @BeforeAll
    static void start() throws Exception {
        tls = TlsKeys.in(folder, "127.0.0.1");
        server = new S3Server("127.0.0.1", tls);
        Files.writeString(folder.resolve("secret"), S3Server.SECRET_KEY + "\n");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static BucketHandover handover(@Nullable Path authority) {
        return new BucketHandover(new BucketPolicy(
                URI.create("https://127.0.0.1:" + server.port()),
                "us-east-1",
                S3Server.BUCKET,
                "built/",
                S3Server.ACCESS_KEY,
                folder.resolve("secret"),
                authority,
                5 << 20,
                Duration.ofMinutes(10)));
    }

    private static Availability availability(@Nullable Path authority) {
        return handover(authority).availability();
    }

    /** The host is this machine, whose curl does not know the authority either. */
    @Test
    void factory_and_host_trust_the_authority_that_is_named() throws Exception {
        assertThat(availability(tls.authority()).available())
                .as(availability(tls.authority()).detail())
                .isTrue();
        var content = new byte[(6 << 20) + 7];
        new Random(1).nextBytes(content);
        Files.write(tmp.resolve("image.qcow2"), content);
        var came = new ByteArrayOutputStream();
        var file = new BuiltFile(
                HostOnThisMachine.host(),
                new HostOnThisMachine(tmp),
                "/var/tmp/image.qcow2",
                content.length,
                Duration.ofMinutes(2));
        handover(tls.authority()).take(file, came, line -> {});
        assertThat(came.toByteArray()).isEqualTo(content);
        handover(tls.authority()).remove(HostOnThisMachine.host().name());
    }

    @Test
    void without_it_the_store_is_not_trusted_and_the_mend_names_the_setting() {
        var unknown = availability(null);
        assertThat(unknown.available()).isFalse();
        assertThat(unknown.detail()).contains("bucket hand-over at https://127.0.0.1");
        assertThat(unknown.mend()).contains("handover.bucket.ca_file");
    }

    @Test
    void an_authority_that_has_not_signed_for_the_store_is_of_no_use() throws Exception {
        var another = TlsKeys.in(Files.createDirectory(tmp.resolve("another")), "127.0.0.1");
        assertThat(availability(another.authority()).mend()).contains("handover.bucket.ca_file");
    }

    @Test
    void a_file_that_is_missing_or_holds_no_certificates_is_told() throws Exception {
        var empty = availability(Files.writeString(tmp.resolve("empty.pem"), "none\n"));
        assertThat(empty.detail()).contains("handover.bucket.ca_file: " + tmp.resolve("empty.pem") + " can't be used");
        assertThat(empty.mend()).contains("in PEM");
        assertThat(availability(tmp.resolve("missing")).detail()).contains("handover.bucket.ca_file");
    }
}
