package org.ifaas.storage.bucket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.ifaas.factory.handover.BuiltFile;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.OnHost;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.signing.Sha256;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * The host uploads the file to a bucket, part by part, to addresses that the factory has signed: it has no credential, and can
 * write nothing else. When all parts have come the factory completes the upload, after which the addresses take nothing any
 * more, and copies the object.
 */
public final class BucketHandover implements Handover {
    public static final String NAME = "bucket";

    private static final String FOLDER = "/var/tmp/ifaas-handover";
    private static final String SCRIPT = FOLDER + "/upload-parts.sh";
    private static final String AUTHORITIES = FOLDER + "/ca.pem";
    /** So often in a row a host may try and bring no part. */
    private static final int MOST_IDLE = 4;

    private static final int BUFFER = 256 * 1024;

    private final Bucket bucket;
    private final BucketPolicy policy;

    public BucketHandover(BucketPolicy policy) {
        this.bucket = new Bucket(policy);
        this.policy = policy;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> packages() {
        return List.of("ca-certificates", "curl");
    }

    @Override
    public void take(BuiltFile file, OutputStream to, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        var key = policy.prefix() + file.host().name();
        if (bucket.find(key).isEmpty()) {
            upload(file, key, log);
        }
        var stored = bucket.find(key).orElseThrow(() -> gone(key));
        if (stored.bytes() > file.most()) {
            throw OnHost.tooLarge(file, stored.bytes());
        }
        log.line("%d bytes are in bucket %s", stored.bytes(), policy.bucket());
        copy(key, stored, to);
    }

    private StageFailure gone(String key) {
        return new StageFailure(
                Blame.CLOUD,
                "bucket " + policy.bucket() + " has no " + key + " any more",
                "See what removes objects there, such as a rule of its life cycle, then retry.");
    }

    private void upload(BuiltFile file, String key, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        var parts = Parts.of(OnHost.bytes(file), policy.partBytes());
        var upload = bucket.upload(key);
        int idle = 0;
        var come = bucket.parts(key, upload);
        for (var missing = missing(parts, come); !missing.isEmpty(); missing = missing(parts, come)) {
            if (idle == MOST_IDLE) {
                throw new StageFailure(
                        Blame.HOST,
                        "host " + file.host().name() + " can't upload the image to " + policy.endpoint()
                                + ": the log says why",
                        "See that build hosts reach that address. Then retry.");
            }
            log.line("the host uploads %d of %d parts to bucket %s", missing.size(), parts.count(), policy.bucket());
            int before = missing.size();
            upload(file, addresses(key, upload, parts, missing), id(upload, before, idle), log);
            come = bucket.parts(key, upload);
            idle = missing(parts, come).size() < before ? 0 : idle + 1;
        }
        bucket.complete(key, upload, come);
    }

    /** The same after a restart of the factory, as long as nothing has come since. */
    private static String id(String upload, int missing, int idle) {
        return "hand-over-" + Sha256.of(upload).substring(0, 8) + "-" + missing + "-" + idle;
    }

    private static List<Integer> missing(Parts parts, Map<Integer, Part> come) {
        return parts.numbers()
                .filter(number -> {
                    var part = come.get(number);
                    return part == null || part.size() != parts.length(number);
                })
                .boxed()
                .toList();
    }

    /** A line a part: its number, its offset in MiB, its bytes, its address. */
    private String addresses(String key, String upload, Parts parts, List<Integer> missing) throws StageFailure {
        var bytes = missing.stream().collect(Collectors.toMap(number -> number, parts::length));
        var lines = new StringBuilder();
        bucket.addresses(key, upload, bytes)
                .forEach((number, address) -> lines.append(number)
                        .append(' ')
                        .append(parts.offset(number) / Parts.MIB)
                        .append(' ')
                        .append(parts.length(number))
                        .append(' ')
                        .append(address)
                        .append('\n'));
        return lines.toString();
    }

    /** What fails is tried again with new addresses, as long as some of it comes. */
    private void upload(BuiltFile file, String addresses, String id, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        var connection = file.connection();
        var list = FOLDER + "/" + id;
        try (var script = Objects.requireNonNull(BucketHandover.class.getResourceAsStream("upload-parts.sh"))) {
            connection.upload(script, SCRIPT, 0700);
        }
        connection.upload(new ByteArrayInputStream(addresses.getBytes(StandardCharsets.UTF_8)), list, 0600);
        var words = new ArrayList<>(List.of(SCRIPT, file.path(), list));
        if (policy.caFile() != null) {
            try (var authorities = Files.newInputStream(policy.caFile())) {
                connection.upload(authorities, AUTHORITIES, 0644);
            }
            words.add(AUTHORITIES);
        }
        int exit = connection.follow(id, new Command(words, Map.of(), "/"), log, file.limit());
        if (exit != 0) {
            log.line("the upload ended with exit code %d", exit);
        }
    }

    private void copy(String key, Bucket.Stored stored, OutputStream to)
            throws StageFailure, IOException, InterruptedException {
        var copying = new Copying(to);
        int idle = 0;
        while (copying.bytes < stored.bytes()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long before = copying.bytes;
            bucket.read(key, stored, before, copying);
            if (copying.unwritten != null) {
                throw copying.unwritten;
            }
            idle = copying.bytes == before ? idle + 1 : 0;
            if (idle == MOST_IDLE) {
                throw bucket.failure(
                        "read " + key, new IOException("it ends at byte " + before + " of " + stored.bytes()));
            }
        }
    }

    /** Reading that fails goes on; writing that fails does not. */
    private static final class Copying implements Bucket.Reading {
        private final OutputStream to;
        private long bytes;
        private @Nullable IOException unwritten;

        Copying(OutputStream to) {
            this.to = to;
        }

        @Override
        public void read(InputStream content) {
            var buffer = new byte[BUFFER];
            for (int n = some(content, buffer); n >= 0; n = some(content, buffer)) {
                try {
                    to.write(buffer, 0, n);
                } catch (IOException e) {
                    unwritten = e;
                    return;
                }
                bytes += n;
            }
        }

        private static int some(InputStream content, byte[] buffer) {
            try {
                return content.read(buffer);
            } catch (IOException cut) {
                return -1;
            }
        }
    }

    @Override
    public List<String> list() throws StageFailure {
        return bucket.keys().stream()
                .map(key -> key.substring(policy.prefix().length()))
                .toList();
    }

    @Override
    public void remove(String host) throws StageFailure {
        bucket.delete(policy.prefix() + host);
    }

    /** All of it, with one byte. */
    @Override
    public Availability availability() {
        var key = policy.prefix() + "probe-" + UUID.randomUUID();
        try {
            try {
                var upload = bucket.upload(key);
                put(bucket.addresses(key, upload, Map.of(1, 1L)).get(1), Authorities.context(policy.caFile()));
                bucket.complete(key, upload, bucket.parts(key, upload));
                copy(key, bucket.find(key).orElseThrow(() -> gone(key)), OutputStream.nullOutputStream());
            } finally {
                bucket.delete(key);
            }
            return new Availability(
                    true,
                    "bucket " + policy.bucket() + " at " + policy.endpoint() + ", in parts of "
                            + policy.partBytes() / Parts.MIB + " MiB",
                    "");
        } catch (StageFailure e) {
            return new Availability(false, String.valueOf(e.getMessage()), e.mend());
        } catch (IOException e) {
            return new Availability(
                    false,
                    "bucket " + policy.bucket() + " at " + policy.endpoint() + " takes no part: " + e.getMessage(),
                    "See that the store allows presigned requests, and that its clock and this one's agree.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Availability(false, "not checked: the factory stops", "Ask again.");
        }
    }

    private static void put(@Nullable URI address, SSLContext tls) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(20))
                .build()) {
            var answer = client.send(
                    HttpRequest.newBuilder(Objects.requireNonNull(address))
                            .timeout(Duration.ofSeconds(30))
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[1]))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body().replaceAll("\\s+", " "));
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }
}
