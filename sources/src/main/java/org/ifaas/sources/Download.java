package org.ifaas.sources;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches files over http, https or from the disk, bounded in time and size. */
final class Download {
    private final Duration limit;
    private final HttpClient client;

    Download(Duration limit) {
        this.limit = limit;
        // five redirects at most, and never from https to http
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** @throws FileNotFoundException when the other side says that there is none */
    byte[] bytes(URI uri, long most) throws IOException, InterruptedException {
        if ("file".equals(uri.getScheme())) {
            return Files.readAllBytes(onDisk(uri, most));
        }
        return http(uri, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
    }

    /** @throws FileNotFoundException when the other side says that there is none */
    void file(URI uri, Path to, long most) throws IOException, InterruptedException {
        if ("file".equals(uri.getScheme())) {
            Files.copy(onDisk(uri, most), to);
        } else {
            http(uri, BodyHandlers.limiting(BodyHandlers.ofFile(to), most));
        }
    }

    private static Path onDisk(URI uri, long most) throws IOException {
        var path = Path.of(uri.getPath());
        try {
            if (Files.size(path) > most) {
                throw new IOException("it has more than " + most + " bytes");
            }
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException(path.toString());
        }
        return path;
    }

    private <T> T http(URI uri, BodyHandler<T> handler) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri)
                .header("User-Agent", "ifaas")
                .timeout(limit)
                .build();
        BodyHandler<T> found =
                info -> info.statusCode() == 200 ? handler.apply(info) : HttpResponse.BodySubscribers.replacing(null);
        var answer = client.sendAsync(request, found);
        try {
            var response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return switch (response.statusCode()) {
                case 200 -> response.body();
                case 404, 410 -> throw new FileNotFoundException(uri.toString());
                default -> throw new IOException("it answers with HTTP status " + response.statusCode());
            };
        } catch (TimeoutException e) {
            throw new InterruptedIOException("it took longer than " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNull(e.getCause());
            var why = cause.getMessage();
            throw new IOException(why == null ? cause.getClass().getSimpleName() : why, cause);
        } finally {
            answer.cancel(true);
        }
    }
}
