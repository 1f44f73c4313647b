package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.ifaas.api.ErrorView;
import org.ifaas.factory.fact.Removed;
import org.ifaas.factory.pipeline.FullDisk;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.text.Visible;
import org.jspecify.annotations.Nullable;

/** A request that can't be served: what is wrong, where, and what to do about it. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_VALUE = 200;

    private final transient ErrorView view;

    public Refusal(int status, String error, @Nullable String field, @Nullable String value, String mend) {
        this(status, new ErrorView.Wrong(error, shown(field), shown(value), mend), List.of());
    }

    private Refusal(int status, ErrorView.Wrong first, List<ErrorView.Wrong> all) {
        super(first.detail());
        this.view = new ErrorView(
                Status.create(status).reasonPhrase(),
                status,
                first.detail(),
                first.field(),
                first.value(),
                first.mend(),
                all);
    }

    /** @param wrong everything that is wrong with what was sent; at least one */
    static Refusal of(List<ErrorView.Wrong> wrong) {
        return new Refusal(400, wrong.getFirst(), wrong);
    }

    public static Refusal of(Publisher.Refused refused) {
        return new Refusal(409, String.valueOf(refused.getMessage()), refused.field(), refused.value(), refused.mend());
    }

    /** It is approved, and a region could not make it public. */
    public static Refusal notPublished(StageFailure failure) {
        return new Refusal(
                502,
                String.valueOf(failure.getMessage()),
                null,
                null,
                failure.mend() + " Then approve again: it goes on where it stopped.");
    }

    public static Refusal notFound(String field, @Nullable String value, String mend) {
        return new Refusal(404, "there is no such " + field, field, value, mend);
    }

    /** The database knows of it and the artifact store does not have it, or can't be reached. */
    public static Refusal notInStore(String error, String field, String value) {
        return new Refusal(
                503,
                error,
                field,
                value,
                "It lies in the artifact store: see that store.directory is mounted, and is the one of this database.");
    }

    /** It was, and is over its time. */
    public static Refusal removed(Removed removed, String what, String value, String mend) {
        return new Refusal(
                410,
                "the " + what + (what.endsWith("s") ? " were" : " was") + " removed by retention on " + removed.day()
                        + ": " + removed.why(),
                what,
                value,
                mend);
    }

    /** The database does not answer, so that nothing is known, or takes no more, so that nothing can be done. */
    public static Refusal away(JournalAway away) {
        return away.isFull()
                ? new Refusal(
                        503,
                        "the disk of the database is full; builds go on when there is room",
                        "database",
                        null,
                        "Whoever runs the factory makes space on it: without database.url it is that of the factory's home."
                                + " Then ask again.")
                : new Refusal(
                        503,
                        "the database can't be reached; builds go on when it is back",
                        "database",
                        null,
                        "Ask again soon. Whoever runs the factory sees to its database and the space on its disk; the factory"
                                + " connects again by itself.");
    }

    /** Something that nobody had thought of; the factory's log has it. */
    public static Refusal failed(Throwable e) {
        return FullDisk.isBehind(e)
                ? new Refusal(
                        503,
                        "a disk of the factory is full: " + e.getMessage(),
                        null,
                        null,
                        "Whoever runs the factory makes space on it: 'ifaas doctor' shows how much there is. Then ask again.")
                : new Refusal(
                        500,
                        "the factory failed: " + e.getMessage(),
                        null,
                        null,
                        "The factory's own log has the details.");
    }

    /** @param methods those that the address has, which the answer's header Allow names as well */
    static Refusal notAllowed(ServerRequest request, Collection<String> methods) {
        return new Refusal(
                405,
                "is no method of this address",
                "method",
                request.prologue().method().text(),
                "Choose among " + String.join(", ", methods) + ".");
    }

    static Refusal notMatched(ServerRequest request, String why, String mend) {
        var given = request.headers().values(HeaderNames.IF_MATCH);
        return new Refusal(412, why, HeaderNames.IF_MATCH.defaultCase(), String.join(", ", given), mend);
    }

    static Refusal stops() {
        return new Refusal(503, "the factory stops", null, null, "Ask again: the next one answers.");
    }

    /** A mend: what there is to choose. */
    static String among(Enum<?>... values) {
        return "Choose among " + Arrays.stream(values).map(Enum::name).collect(Collectors.joining(", ")) + ".";
    }

    public int status() {
        return view.status();
    }

    public ErrorView view() {
        return view;
    }

    private static @Nullable String shown(@Nullable String value) {
        return value == null ? null : Visible.line(value, MOST_VALUE);
    }
}
