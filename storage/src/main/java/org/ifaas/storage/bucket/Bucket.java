package org.ifaas.storage.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** What is asked of the bucket. Knows nothing of the account's own {@code ~/.aws}. Failures blame the CLOUD. */
final class Bucket {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration SILENCE = Duration.ofMinutes(2);
    private static final S3Configuration PLAIN = S3Configuration.builder()
            .pathStyleAccessEnabled(true)
            .chunkedEncodingEnabled(false)
            .build();

    private final BucketPolicy policy;

    Bucket(BucketPolicy policy) {
        this.policy = policy;
    }

    /** Size in bytes and entity tag of an object. */
    record Stored(long bytes, String tag) {}

    Optional<Stored> find(String key) throws StageFailure {
        return ask("look for " + key, s3 -> {
            try {
                var head =
                        s3.headObject(request -> request.bucket(policy.bucket()).key(key));
                return Optional.of(new Stored(head.contentLength(), head.eTag()));
            } catch (NoSuchKeyException none) {
                return Optional.empty();
            }
        });
    }

    /** The upload of that key that is under way; it is begun where there is none. */
    String upload(String key) throws StageFailure {
        return ask(
                "begin an upload of " + key,
                s3 -> uploads(key, s3).stream()
                        .filter(upload -> upload.key().equals(key))
                        .map(MultipartUpload::uploadId)
                        .findFirst()
                        .orElseGet(() -> s3.createMultipartUpload(request ->
                                        request.bucket(policy.bucket()).key(key))
                                .uploadId()));
    }

    private List<MultipartUpload> uploads(String prefix, S3Client s3) {
        return s3
                .listMultipartUploadsPaginator(
                        request -> request.bucket(policy.bucket()).prefix(prefix))
                .uploads()
                .stream()
                .toList();
    }

    /** The parts that have come, by number. */
    Map<Integer, Part> parts(String key, String upload) throws StageFailure {
        return ask("list the parts of " + key, s3 -> {
            var parts = new TreeMap<Integer, Part>();
            s3.listPartsPaginator(
                            request -> request.bucket(policy.bucket()).key(key).uploadId(upload))
                    .parts()
                    .forEach(part -> parts.put(part.partNumber(), part));
            return parts;
        });
    }

    /**
     * Where whoever knows it may put that one part, of that size, for as long as the policy says.
     *
     * @param bytes of each part, by number
     */
    Map<Integer, URI> addresses(String key, String upload, Map<Integer, Long> bytes) throws StageFailure {
        var addresses = new TreeMap<Integer, URI>();
        try (var presigner = S3Presigner.builder()
                .endpointOverride(policy.endpoint())
                .region(Region.of(policy.region()))
                .credentialsProvider(credentials())
                .serviceConfiguration(PLAIN)
                .build()) {
            bytes.forEach((number, length) -> {
                var signed = presigner.presignUploadPart(presign -> presign.signatureDuration(policy.valid())
                        .uploadPartRequest(part -> part.bucket(policy.bucket())
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .contentLength(length)));
                addresses.put(number, URI.create(signed.url().toString()));
            });
        }
        return addresses;
    }

    /** From now on no address of the upload's takes anything. */
    void complete(String key, String upload, Map<Integer, Part> parts) throws StageFailure {
        var completed = parts.entrySet().stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.getKey())
                        .eTag(part.getValue().eTag())
                        .build())
                .toList();
        ask(
                "complete " + key,
                s3 -> s3.completeMultipartUpload(request -> request.bucket(policy.bucket())
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(completed))));
    }

    /** Reads an object from an offset on. */
    void read(String key, Stored stored, long from, Reading reading) throws StageFailure {
        ask("read " + key, s3 -> {
            try (var content = s3.getObject(request -> {
                request.bucket(policy.bucket()).key(key).ifMatch(stored.tag());
                if (from > 0) {
                    request.range("bytes=" + from + "-");
                }
            })) {
                reading.read(content);
                // What is left is not waited for.
                content.abort();
                return null;
            } catch (IOException closed) {
                return null;
            }
        });
    }

    /** Keeps its own failures. */
    interface Reading {
        void read(InputStream content);
    }

    /** The keys of all objects and of all uploads under way. */
    TreeSet<String> keys() throws StageFailure {
        return ask("list its objects", s3 -> {
            var keys = new TreeSet<String>();
            s3
                    .listObjectsV2Paginator(
                            request -> request.bucket(policy.bucket()).prefix(policy.prefix()))
                    .contents()
                    .stream()
                    .map(S3Object::key)
                    .forEach(keys::add);
            uploads(policy.prefix(), s3).forEach(upload -> keys.add(upload.key()));
            keys.removeIf(key -> !key.startsWith(policy.prefix()));
            return keys;
        });
    }

    void delete(String key) throws StageFailure {
        ask("delete " + key, s3 -> {
            for (var upload : uploads(key, s3)) {
                if (upload.key().equals(key)) {
                    abort(upload, s3);
                }
            }
            return s3.deleteObject(request -> request.bucket(policy.bucket()).key(key));
        });
    }

    private void abort(MultipartUpload upload, S3Client s3) {
        try {
            s3.abortMultipartUpload(
                    request -> request.bucket(policy.bucket()).key(upload.key()).uploadId(upload.uploadId()));
        } catch (NoSuchUploadException gone) {
            // That is what was wanted.
        }
    }

    private <T> T ask(String what, Function<S3Client, T> question) throws StageFailure {
        try (var s3 = client()) {
            return question.apply(s3);
        } catch (SdkException e) {
            throw failure(what, e);
        }
    }

    StageFailure failure(String what, Exception cause) {
        return new StageFailure(
                Blame.CLOUD,
                "bucket " + policy.bucket() + " at " + policy.endpoint() + ": can't " + what + ": "
                        + cause.getMessage(),
                Authorities.areToBlame(cause)
                        ? "See that handover.bucket.ca_file has the certificates that the store's rests on."
                        : "Check handover.bucket in the configuration and the rights of its access key: 'ifaas doctor' tries all of it.",
                cause);
    }

    private S3Client client() throws StageFailure {
        var http = UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE);
        var trusted = Authorities.in(policy.caFile());
        if (trusted != null) {
            http.tlsTrustManagersProvider(trusted::getTrustManagers);
        }
        return S3Client.builder()
                .endpointOverride(policy.endpoint())
                .region(Region.of(policy.region()))
                .credentialsProvider(credentials())
                .serviceConfiguration(PLAIN)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        all -> all.defaultProfileFile(ProfileFile.aggregator().build()))
                .httpClientBuilder(http)
                .build();
    }

    private StaticCredentialsProvider credentials() throws StageFailure {
        try (var lines = Files.lines(policy.secretKey())) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    policy.accessKey(), lines.findFirst().orElse("").strip()));
        } catch (IOException | RuntimeException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "handover.bucket.secret_key_file: " + policy.secretKey() + " can't be read: " + e.getMessage(),
                    "Write the secret key into that file, and let the factory's account read it.",
                    e);
        }
    }
}
