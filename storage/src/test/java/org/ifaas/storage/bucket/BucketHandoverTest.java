package org.ifaas.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.ifaas.factory.handover.CuttableLink;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.HostOnThisMachine;
import org.ifaas.factory.handover.Way;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that come through a bucket, put there by the host's own curl. */
class BucketHandoverTest extends BucketContract {
    private static final String KEY = "built/" + HostOnThisMachine.host().name();

    @TempDir
    static Path folder;

    private static S3Server server;
    private static CuttableLink link;

    @BeforeAll
    static void start() throws Exception {
        server = new S3Server();
        link = new CuttableLink(server.port());
        Files.writeString(folder.resolve("secret"), S3Server.SECRET_KEY + "\n");
    }

    @AfterAll
    static void stop() throws Exception {
        link.close();
        server.close();
    }

    private static BucketPolicy policy(String accessKey) {
        return new BucketPolicy(
                URI.create("http://127.0.0.1:" + link.port()),
                "us-east-1",
                S3Server.BUCKET,
                "built/",
                accessKey,
                folder.resolve("secret"),
                null,
                5 << 20,
                Duration.ofMinutes(10));
    }

    @Override
    protected Handover handover() {
        return new BucketHandover(policy(S3Server.ACCESS_KEY));
    }

    @Override
    protected Way link() {
        return link;
    }

    @Test
    void what_is_cut_while_the_factory_copies_goes_on_too() throws Exception {
        var path = file("copied");
        taken(path);
        link.cutAfter(7 << 20);
        assertThat(taken(path)).isEqualTo(sha256OnHost(path));
        assertThat(link.wasCut()).isTrue();
    }

    @Test
    void parts_that_came_before_the_factory_was_killed_are_not_uploaded_again() throws Exception {
        var path = file("begun");
        var bucket = new Bucket(policy(S3Server.ACCESS_KEY));
        var upload = bucket.upload(KEY);
        onHost("head -c 5242880 " + path + " >/var/tmp/part");
        put(bucket.addresses(KEY, upload, Map.of(1, 5L << 20)).get(1), Files.readAllBytes(tmp.resolve("part")));
        assertThat(handover().list()).containsExactly(host().name());
        assertThat(taken(path)).isEqualTo(sha256OnHost(path));
        assertThat(log).anyMatch(line -> line.startsWith("the host uploads 2 of 3 parts"));
    }

    @Test
    void an_address_takes_its_part_alone_and_changes_nothing_when_the_upload_is_complete() throws Exception {
        var bucket = new Bucket(policy(S3Server.ACCESS_KEY));
        var upload = bucket.upload(KEY);
        var address = bucket.addresses(KEY, upload, Map.of(1, 3L)).get(1);
        assertThat(put(address, "larger".getBytes()))
                .as("another size than was signed")
                .isEqualTo(403);
        assertThat(put(URI.create(address.toString().replace("partNumber=1", "partNumber=2")), "new".getBytes()))
                .as("another part")
                .isEqualTo(403);
        assertThat(put(address, "old".getBytes())).isEqualTo(200);
        bucket.complete(KEY, upload, bucket.parts(KEY, upload));
        var stored = bucket.find(KEY);
        // Stores answer that there is no such upload; what counts is the object.
        put(address, "new".getBytes());
        assertThat(bucket.find(KEY)).isEqualTo(stored);
    }

    @Test
    void a_wrong_key_and_an_unreadable_file_are_told_with_their_mend() throws Exception {
        var refused = new BucketHandover(policy("nobody")).availability();
        assertThat(refused.available()).isFalse();
        assertThat(refused.detail()).contains("bucket hand-over at http://127.0.0.1");
        assertThat(refused.mend()).contains("handover.bucket").contains("access key");
        Files.move(folder.resolve("secret"), folder.resolve("elsewhere"));
        var unread = handover().availability();
        Files.move(folder.resolve("elsewhere"), folder.resolve("secret"));
        assertThat(unread.detail()).contains("secret_key_file");
        assertThat(unread.mend()).contains("Write the secret key");
    }

    private static int put(URI address, byte[] content) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(address)
                                    .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
