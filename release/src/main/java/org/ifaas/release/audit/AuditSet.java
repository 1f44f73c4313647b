package org.ifaas.release.audit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A hashdeep audit set. Names are bytes on Linux, and hashdeep writes them as they are: here each character stands for one
 * byte (ISO 8859-1).
 */
public final class AuditSet {
    private static final String HEADER = "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n";

    private AuditSet() {}

    /** @param name its bytes, one a character */
    public record Entry(long size, String md5, String sha256, String name) {}

    /** hashdeep writes a name with a line break as two lines, and can't read that back. */
    public static boolean canList(String name) {
        return name.indexOf('\n') < 0;
    }

    static void write(Path file, List<String> comments, List<Entry> entries) throws IOException {
        try (var out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
            out.write(HEADER);
            for (var comment : comments) {
                out.write("## " + comment + "\n");
            }
            for (var entry : entries) {
                write(out, entry);
            }
        }
    }

    private static void write(BufferedWriter out, Entry entry) throws IOException {
        if (!canList(entry.name())) {
            throw new IllegalArgumentException("a name with a line break");
        }
        out.write(entry.size() + "," + entry.md5() + "," + entry.sha256() + "," + entry.name() + "\n");
    }

    public static List<Entry> read(Path file) throws IOException {
        var entries = new ArrayList<Entry>();
        // Split by line feeds alone: a name may hold a carriage return.
        for (var line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
            if (line.isEmpty() || line.startsWith("%") || line.startsWith("#")) {
                continue;
            }
            var fields = line.split(",", 4);
            if (fields.length < 4) {
                throw new IOException("%s is no audit set: %s".formatted(file, line));
            }
            entries.add(new Entry(Long.parseLong(fields[0]), fields[1], fields[2], fields[3]));
        }
        return entries;
    }
}
