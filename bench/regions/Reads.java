package org.ifaas.openstack.client;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.pipeline.Meanwhile;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.StorePolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import org.ifaas.factory.pipeline.StageFailure;

/**
 * What the disk is asked for while an image that is in no cache goes to three regions at once, by the product's own copying:
 * {@code Reads FILE FOLDER directories|uploads|slow}. It is in the package of the body of an upload, which is nobody else's.
 */
class Reads {
    public static void main(String[] arguments) throws Exception {
        var file = Path.of(arguments[0]);
        var copies = arguments[2].equals("directories")
                ? directories(file, Path.of(arguments[1]))
                : uploads(file, arguments[2].equals("slow"));
        var drop = new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none");
        if (drop.inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("its pages can't be dropped");
        }
        long before = read();
        var start = System.nanoTime();
        var first = new ArrayList<Double>();
        var running = new ArrayList<Meanwhile<Double>>();
        for (var copy : copies) {
            running.add(new Meanwhile<>(() -> {
                copy.run();
                return (System.nanoTime() - start) / 1e9;
            }));
        }
        for (var one : running) {
            first.add(one.result());
        }
        first.sort(null);
        System.out.printf("  %-12s %5.2f reads of the file; the copies ended after %.1f, %.1f and %.1f s%n",
                arguments[2], (read() - before) / (double) Files.size(file), first.get(0), first.get(1), first.get(2));
        System.exit(0);
    }

    private interface Copy {
        void run() throws InterruptedException, StageFailure;
    }

    private static List<Copy> directories(Path file, Path folder) throws Exception {
        var image = new NewImage("bench", file, new ParallelMeasurer().measure(file), Map.of());
        return List.of("a", "b", "c").stream()
                .<Copy>map(name -> {
                    var region = new DirectoryRegion(
                            name, DiskFormat.QCOW2, folder.resolve(name), StorePolicy.defaults(), Clock.systemUTC());
                    return () -> region.register(image, line -> {});
                })
                .toList();
    }

    /** To servers that take the bytes and forget them; with {@code slow} the first takes 32 MiB in a second. */
    private static List<Copy> uploads(Path file, boolean slow) throws Exception {
        var copies = new ArrayList<Copy>();
        for (int i = 0; i < 3; i++) {
            var pause = slow && i == 0 ? 31L : 0L;
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                var in = exchange.getRequestBody();
                while (in.readNBytes(1 << 20).length > 0) {
                    try {
                        Thread.sleep(pause);
                    } catch (InterruptedException e) {
                        throw new InterruptedIOException();
                    }
                }
                exchange.sendResponseHeaders(204, -1);
            });
            server.start();
            var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            copies.add(() -> sent(file, uri));
        }
        return copies;
    }

    private static void sent(Path file, URI uri) throws InterruptedException {
        try (var channel = FileChannel.open(file);
                var http = HttpClient.newHttpClient()) {
            var body = new FileBody(channel, channel.size());
            var answer = http.send(HttpRequest.newBuilder(uri).PUT(body).build(), BodyHandlers.discarding());
            if (answer.statusCode() != 204) {
                throw new IllegalStateException("answered " + answer.statusCode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that this process has had fetched from the disk. */
    private static long read() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("read_bytes: "))
                .mapToLong(line -> Long.parseLong(line.substring("read_bytes: ".length())))
                .findFirst()
                .orElseThrow();
    }
}
