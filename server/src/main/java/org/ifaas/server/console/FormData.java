package org.ifaas.server.console;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.ifaas.factory.publish.Certification;
import org.ifaas.server.api.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a form that can carry a file was filled with: multipart/form-data, RFC 7578. The file is read as it comes; fields behind it
 * are not looked at.
 *
 * @param file null when none was chosen
 */
record FormData(Map<String, String> fields, Certification.@Nullable File file) {
    static final String TYPE = "multipart/form-data";

    private static final int LONGEST_FIELD = 16 * 1024;
    private static final int MOST_PARTS = 100;
    private static final Pattern BOUNDARY = Pattern.compile("(?i).*;\\s*boundary=\"?([^\";,\r\n]{1,70})\"?\\s*(;.*)?");
    private static final Pattern NAME = Pattern.compile("(?i)(?:.*[;\\s])name=\"([^\"]*)\".*");
    private static final Pattern FILE_NAME = Pattern.compile("(?i).*[;\\s]filename=\"([^\"]*)\".*");

    FormData {
        fields = Map.copyOf(fields);
    }

    /** Empty when it is missing. */
    String text(String name) {
        return fields.getOrDefault(name, "").strip();
    }

    /**
     * @param type the header Content-Type
     * @throws Refusal when it is not what it says
     */
    static FormData read(String type, InputStream body) throws IOException {
        var boundary = BOUNDARY.matcher(type);
        if (!boundary.matches()) {
            throw unfit("Content-Type");
        }
        // Each part ends with a line end that belongs to what follows it; the first has none before it.
        var in = new BufferedInputStream(
                new SequenceInputStream(new ByteArrayInputStream(new byte[] {'\r', '\n'}), body));
        var delimiter = ("\r\n--" + boundary.group(1)).getBytes(StandardCharsets.UTF_8);
        drain(new Part(in, delimiter));
        var fields = new HashMap<String, String>();
        for (int parts = 0; parts < MOST_PARTS && !line(in).equals("--"); parts++) {
            var header = headers(in);
            var part = new Part(in, delimiter);
            var name = NAME.matcher(header);
            var file = FILE_NAME.matcher(header);
            if (file.matches() && !file.group(1).isEmpty()) {
                return new FormData(fields, new Certification.File(file.group(1), part));
            }
            var text = part.readNBytes(LONGEST_FIELD);
            drain(part);
            if (name.matches()) {
                fields.put(name.group(1), new String(text, StandardCharsets.UTF_8));
            }
        }
        return new FormData(fields, null);
    }

    private static void drain(InputStream part) throws IOException {
        part.transferTo(OutputStream.nullOutputStream());
    }

    /** Those that say what a part is. */
    private static String headers(InputStream in) throws IOException {
        var disposition = "";
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "Content-Disposition:", 0, 20)) {
                disposition = line;
            }
        }
        return disposition;
    }

    /** Up to its end, or the two dashes behind the last delimiter. */
    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int before = -1;
        while (line.size() < LONGEST_FIELD) {
            int b = in.read();
            if (b < 0) {
                throw unfit("body");
            }
            if (before == '\r' && b == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
            line.write(b);
            if (line.size() == 2 && before == '-' && b == '-') {
                return "--";
            }
            before = b;
        }
        throw unfit("body");
    }

    private static Refusal unfit(String field) {
        return new Refusal(
                400, "is not encoded as forms with files are", field, null, "Send it as the page's form does.");
    }

    /** Up to a delimiter, whose first byte is nowhere else in it. */
    private static final class Part extends InputStream {
        private final InputStream in;
        private final byte[] delimiter;
        private int seen;
        private int given;
        private int next = -1;
        private boolean ended;

        Part(InputStream in, byte[] delimiter) {
            this.in = in;
            this.delimiter = delimiter;
        }

        @Override
        public int read() throws IOException {
            if (given < seen) {
                return delimiter[given++] & 0xff;
            }
            if (ended) {
                return -1;
            }
            int b = next >= 0 ? next : some();
            next = -1;
            seen = 0;
            given = 0;
            while (b == (delimiter[seen] & 0xff)) {
                seen++;
                if (seen == delimiter.length) {
                    given = seen;
                    ended = true;
                    return -1;
                }
                b = some();
            }
            if (seen == 0) {
                return b;
            }
            next = b;
            return delimiter[given++] & 0xff;
        }

        private int some() throws IOException {
            int b = in.read();
            if (b < 0) {
                throw unfit("body");
            }
            return b;
        }
    }
}
