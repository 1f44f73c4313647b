package org.ifaas.store.backup;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.ifaas.store.sql.StoreFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of a backup, version 1: gzip over UTF-8 lines of JSON that end with a newline.
 * <pre>
 * {"format":"ifaas-backup","version":1,"schema":1,"created":"2026-11-22T10:00:00Z"}
 * {"table":"build","row":{"id":"…", …}}          one line a row; bytea as \x and hexadecimal, tables in order
 * {"rows":{"build":1, …},"sha256":"…"}           last line: rows by table, digest of all lines before it
 * </pre>
 */
final class BackupFile {
    private static final String FORMAT = "ifaas-backup";
    private static final int VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private BackupFile() {}

    record Row(String table, String json) {}

    static final class Writer implements AutoCloseable {
        private final GZIPOutputStream out;
        private final MessageDigest digest = sha256();
        private final Map<String, Long> counts = new LinkedHashMap<>();

        Writer(OutputStream to, int schema, Instant created) throws IOException {
            this.out = new GZIPOutputStream(to, 64 * 1024);
            line(JSON.writeValueAsString(JSON.createObjectNode()
                    .put("format", FORMAT)
                    .put("version", VERSION)
                    .put("schema", schema)
                    .put("created", created.toString())));
        }

        /** @param json one line */
        void row(String table, String json) throws IOException {
            line("{\"table\":\"" + table + "\",\"row\":" + json + "}");
            counts.merge(table, 1L, Long::sum);
        }

        Map<String, Long> end() throws IOException {
            var end = JSON.createObjectNode();
            end.set("rows", JSON.valueToTree(counts));
            end.put("sha256", HexFormat.of().formatHex(digest.digest()));
            line(JSON.writeValueAsString(end));
            out.finish();
            return counts;
        }

        private void line(String line) throws IOException {
            var bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            digest.update(bytes);
            out.write(bytes);
        }

        /** Leaves the stream below open. */
        @Override
        public void close() throws IOException {
            out.flush();
        }
    }

    static final class Reader implements AutoCloseable {
        private final BufferedReader in;
        private final MessageDigest digest = sha256();
        private final int schema;
        private @Nullable JsonNode end;

        Reader(InputStream from) throws IOException {
            try {
                this.in = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(from, 64 * 1024), StandardCharsets.UTF_8));
                var first = line();
                digest(first);
                var header = parse(first);
                if (!FORMAT.equals(header.path("format").asString(""))) {
                    throw notOurs("it is no backup of a factory");
                }
                if (header.path("version").asInt(0) != VERSION) {
                    throw notOurs("its form has version "
                            + header.path("version").asInt(0) + ", this release reads " + VERSION);
                }
                this.schema = header.path("schema").asInt(0);
            } catch (ZipException | EOFException e) {
                throw notOurs("it is not compressed with gzip");
            }
        }

        int schema() {
            return schema;
        }

        /** Null behind the last row. */
        @Nullable
        Row next() throws IOException {
            var line = line();
            var node = parse(line);
            if (node.has("sha256")) {
                end = node;
                return null;
            }
            digest(line);
            var table = node.path("table").asString("");
            var start = "{\"table\":\"" + table + "\",\"row\":";
            if (!line.startsWith(start)) {
                throw notOurs("it was changed or damaged: a line is no row");
            }
            return new Row(table, line.substring(start.length(), line.length() - 1));
        }

        /** @throws StoreFailure when rows are missing or changed */
        void check(Map<String, Long> counts) {
            var said = end == null ? JSON.createObjectNode() : end;
            if (!said.path("sha256").asString("").equals(HexFormat.of().formatHex(digest.digest()))) {
                throw notOurs("it was changed or damaged: its digest is another");
            }
            var rows = said.path("rows");
            if (rows.size() != counts.size()
                    || !counts.entrySet().stream()
                            .allMatch(e -> rows.path(e.getKey()).asLong(-1) == e.getValue())) {
                throw notOurs("it has other rows than it says");
            }
        }

        private String line() throws IOException {
            try {
                var line = in.readLine();
                if (line != null) {
                    return line;
                }
            } catch (EOFException e) {
                // cut off inside a compressed block
            } catch (ZipException e) {
                throw notOurs("it was changed or damaged: " + e.getMessage());
            }
            throw notOurs("it is not whole: its last line is missing");
        }

        private void digest(String line) {
            digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        private static JsonNode parse(String line) {
            try {
                return JSON.readTree(line);
            } catch (JacksonException e) {
                throw notOurs("it was changed or damaged: a line is no JSON");
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static StoreFailure notOurs(String why) {
        return new StoreFailure("backup", "file", why, "Take another file that 'ifaas backup' has written.");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
