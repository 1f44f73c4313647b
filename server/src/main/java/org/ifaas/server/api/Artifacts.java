package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.ifaas.api.ArtifactView;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.jspecify.annotations.Nullable;

/** The files that builds have left in the artifact store. */
public final class Artifacts {
    /** One range; several are answered with the whole, as RFC 9110 allows. */
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,18})?-([0-9]{1,18})?");

    private final Journal journal;
    private final ArtifactStore store;

    public Artifacts(Journal journal, ArtifactStore store) {
        this.journal = journal;
        this.store = store;
    }

    /** Those of its release, then those of the build itself. */
    public List<ArtifactView> of(Build build) throws IOException {
        var folders = new ArrayList<String>();
        journal.facts(build.id()).find(Inputs.class).ifPresent(inputs -> folders.add(inputs.releaseFolder()));
        folders.add("builds/" + build.id());
        var artifacts = new ArrayList<ArtifactView>();
        for (var folder : folders) {
            for (var key : store.list(folder)) {
                try {
                    artifacts.add(new ArtifactView(key, key.substring(folder.length() + 1), store.size(key)));
                } catch (NoSuchFileException gone) {
                    // It went after it was listed.
                }
            }
        }
        return artifacts;
    }

    /** @throws Refusal when it is none of that build's, however it is written */
    public ArtifactView find(Build build, String key) throws IOException {
        return of(build).stream()
                .filter(artifact -> artifact.key().equals(key))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound(
                        "artifact", key, "GET /builds/" + build.id() + "/artifacts lists those of this build."));
    }

    /** @param last the offset of the last byte */
    private record Part(long first, long last) {
        long length() {
            return last - first + 1;
        }
    }

    /** The whole file, or the part that a header Range asks for. */
    void send(ArtifactView artifact, ServerRequest request, ServerResponse response) throws IOException {
        var size = artifact.size();
        var part = part(range(request), size);
        if (part != null && part.length() <= 0) {
            response.header(HeaderNames.CONTENT_RANGE, "bytes */" + size);
            Json.refuse(response, behindTheEnd(request, size));
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream")
                .header(HeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(HeaderNames.ACCEPT_RANGES, "bytes");
        if (part != null) {
            response.status(206)
                    .header(HeaderNames.CONTENT_RANGE, "bytes " + part.first() + "-" + part.last() + "/" + size);
        }
        var sent = part == null ? new Part(0, size - 1) : part;
        response.contentLength(sent.length());
        try (var in = store.open(artifact.key());
                var out = response.outputStream()) {
            in.skipNBytes(sent.first());
            copy(in, out, sent.length());
            out.flush();
        }
    }

    /** A file has no entity tag that a part could be of: who has one of another answer gets the whole. */
    private static String range(ServerRequest request) {
        return request.headers().contains(HeaderNames.IF_RANGE)
                ? ""
                : request.headers().first(HeaderNames.RANGE).orElse("");
    }

    private static Refusal behindTheEnd(ServerRequest request, long size) {
        return new Refusal(
                416,
                "begins behind the end of the file, which has " + size + " bytes",
                "Range",
                request.headers().first(HeaderNames.RANGE).orElse(""),
                "Ask for bytes that are there.");
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        var buffer = new byte[64 * 1024];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("the file has become shorter");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    /** Null for the whole; one without length when there is nothing of what is asked for. */
    private static @Nullable Part part(String header, long size) {
        var asked = RANGE.matcher(header);
        if (!asked.matches()) {
            return null;
        }
        var from = asked.group(1);
        var to = asked.group(2);
        if (from == null) {
            return to == null ? null : new Part(Math.max(0, size - Long.parseLong(to)), size - 1);
        }
        long first = Long.parseLong(from);
        long last = to == null ? size - 1 : Long.parseLong(to);
        if (last < first && to != null) {
            return null; // no range at all
        }
        return first >= size ? new Part(0, -1) : new Part(first, Math.min(last, size - 1));
    }
}
