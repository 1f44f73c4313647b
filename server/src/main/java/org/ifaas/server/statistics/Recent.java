package org.ifaas.server.statistics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What costs something to find out, as it was a while ago. Whoever finds it older than a minute has it as it is, and it is found
 * out anew meanwhile; for what is older than ten minutes, or was never found out, one waits. It is never found out twice at once.
 */
final class Recent<T> {
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Duration OF_USE = Duration.ofMinutes(10);
    private static final Executor BESIDE =
            task -> Thread.ofVirtual().name("figures").start(task);

    private final Supplier<T> source;
    private final InstantSource clock;
    private @Nullable CompletableFuture<Known<T>> known;
    private @Nullable CompletableFuture<Known<T>> next;

    Recent(Supplier<T> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    private record Known<T>(T value, Instant at) {}

    T get() {
        try {
            return newest().join().value();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : e;
        }
    }

    private synchronized CompletableFuture<Known<T>> newest() {
        if (next != null && next.isDone()) {
            known = next.isCompletedExceptionally() ? known : next;
            next = null;
        }
        if (known == null || known.isCompletedExceptionally() || isOlder(OF_USE, known)) {
            known = next == null ? find() : next;
        } else if (next == null && isOlder(FRESH, known)) {
            next = find();
        }
        return known;
    }

    private CompletableFuture<Known<T>> find() {
        var at = clock.instant();
        return CompletableFuture.supplyAsync(() -> new Known<>(source.get(), at), BESIDE);
    }

    private boolean isOlder(Duration age, CompletableFuture<Known<T>> found) {
        return found.isDone()
                && Duration.between(found.join().at(), clock.instant()).compareTo(age) > 0;
    }
}
