package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import org.ifaas.factory.handover.CuttableLink;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.Way;
import org.ifaas.storage.bucket.BucketContract;
import org.ifaas.storage.bucket.BucketHandover;
import org.ifaas.storage.bucket.BucketPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The hand-over by a bucket of OpenStack's own object store: Swift with s3api. */
@Tag("slow")
@Order(9)
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
class RealBucketTest extends BucketContract {
    private static final String BUCKET = "hand-over-" + UUID.randomUUID();

    @TempDir
    static Path folder;

    private static Properties known;
    private static S3Client direct;
    private static CuttableLink link;

    @BeforeAll
    static void aBucket(RealCloud running) throws Exception {
        known = running.bucketKey();
        var address = URI.create(known.getProperty("endpoint_url"));
        link = new CuttableLink(address.getPort());
        Files.writeString(folder.resolve("secret"), known.getProperty("aws_secret_access_key"));
        direct = S3Client.builder()
                .endpointOverride(address)
                .region(Region.of(known.getProperty("region")))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        known.getProperty("aws_access_key_id"), known.getProperty("aws_secret_access_key"))))
                .build();
        direct.createBucket(bucket -> bucket.bucket(BUCKET));
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        link.close();
        assertThat(direct.listObjectsV2(objects -> objects.bucket(BUCKET)).contents())
                .isEmpty();
        assertThat(direct.listMultipartUploads(uploads -> uploads.bucket(BUCKET))
                        .uploads())
                .isEmpty();
        direct.deleteBucket(bucket -> bucket.bucket(BUCKET));
        direct.close();
    }

    @Override
    protected Handover handover() {
        return new BucketHandover(new BucketPolicy(
                URI.create("http://127.0.0.1:" + link.port()),
                known.getProperty("region"),
                BUCKET,
                "built/",
                known.getProperty("aws_access_key_id"),
                folder.resolve("secret"),
                null,
                5 << 20,
                Duration.ofMinutes(10)));
    }

    @Override
    protected Way link() {
        return link;
    }
}
