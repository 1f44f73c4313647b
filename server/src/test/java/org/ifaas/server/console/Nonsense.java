package org.ifaas.server.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What no honest client sends, and what honest ones send beside it; the same for the same seed. */
final class Nonsense {
    private static final List<String> WORDS = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "../../../../etc/passwd",
            "..",
            "/",
            "-1",
            "0",
            "1",
            "2147483648",
            "99999999999999999999",
            "1e400",
            "NaN",
            "null",
            "[]",
            "{}",
            "true",
            "*",
            "%",
            "%zz",
            "a,b;c",
            "'; drop table build; --",
            "\\",
            "\"",
            "$(id)",
            "`id`",
            "${jndi:ldap://x/}",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "//example.org/",
            "https://example.org/",
            "\r\nX: y",
            "\u001b[2J",
            "\u202egnp.exe",
            "\ufeff",
            "\uffff",
            "ä\u0308\ud83d\ude00",
            "İıſK",
            "(a+)+$",
            "PT99999999999H",
            "P1D",
            "2026-13-45T99:99:99Z",
            "region-a",
            "debian-12",
            "latest",
            "build-image",
            "FAILED",
            "confirm",
            "a".repeat(300),
            "9".repeat(5_000),
            "ü".repeat(3_000),
            "../".repeat(500));

    private final Random random;

    Nonsense(long seed) {
        this.random = new Random(seed);
    }

    boolean happens(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    String word() {
        if (happens(80)) {
            return one(WORDS);
        }
        var text = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            text.appendCodePoint(happens(50) ? random.nextInt(0x80) : random.nextInt(0x11_0000));
        }
        return text.toString();
    }

    /** Often no UTF-8: half a surrogate as such, a lead byte alone, one that is longer than it has to be. */
    byte[] bytes() {
        return switch (random.nextInt(8)) {
            case 0 -> new byte[] {(byte) 0xc3, 0x28};
            case 1 -> new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b'};
            case 2 -> new byte[] {(byte) 0xc0, (byte) 0xaf, (byte) 0xff, (byte) 0xfe};
            case 3 -> {
                var some = new byte[random.nextInt(200)];
                random.nextBytes(some);
                yield some;
            }
            default -> word().getBytes(StandardCharsets.UTF_8);
        };
    }

    /** As part of an address: mostly as it has to be written. */
    byte[] inAddress(byte[] value) {
        boolean raw = happens(10);
        var out = new ByteArrayOutputStream();
        for (byte b : value) {
            if (raw || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b == '-') {
                out.write(b);
            } else {
                out.writeBytes("%%%02x".formatted(b).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return out.toByteArray();
    }

    /** As a header's value: mostly in one line. */
    byte[] inHeader() {
        var value = bytes();
        if (happens(90)) {
            for (int i = 0; i < value.length; i++) {
                value[i] = value[i] >= 0 && value[i] < ' ' || value[i] == 0x7f ? (byte) '?' : value[i];
            }
        }
        return value;
    }

    /** An object with fields of these names, which is mostly JSON. */
    byte[] json(Collection<String> fields) {
        if (happens(20)) {
            return noJson();
        }
        var members = new ArrayList<String>();
        for (var field : fields) {
            if (happens(50)) {
                members.add(quoted(field) + ":" + value(3));
            }
        }
        if (happens(10)) {
            members.add(quoted(word()) + ":" + value(3));
        }
        if (happens(5) && !members.isEmpty()) {
            members.add(members.getFirst());
        }
        return ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private byte[] noJson() {
        return switch (random.nextInt(9)) {
            case 0 -> "[".repeat(50_000).getBytes(StandardCharsets.UTF_8);
            case 1 -> "{\"a\":".repeat(5_000).getBytes(StandardCharsets.UTF_8);
            case 2 -> ("{\"image\":\"" + "x".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
            case 3 -> "{\"image\":\"debian-12\"}".getBytes(StandardCharsets.UTF_16);
            case 4 -> ("{\"reason\":" + "9".repeat(20_000) + "}").getBytes(StandardCharsets.UTF_8);
            case 5 -> "\ufeff{}".getBytes(StandardCharsets.UTF_8);
            case 6 -> "{} {}".getBytes(StandardCharsets.UTF_8);
            case 7 -> value(3).getBytes(StandardCharsets.UTF_8);
            default -> bytes();
        };
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 8)) {
            case 0 -> one(List.of("null", "true", "false"));
            case 1 -> one(List.of("0", "-1", "1e400", "9999999999999999999999", "0.1", "-0"));
            case 2 -> "\"\\u0000\"";
            case 3 -> "\"\\ud800\"";
            case 4, 5, 6, 7 -> quoted(word());
            case 8, 9 -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
            case 10 -> "[]";
            default -> "{" + quoted(word()) + ":" + value(depth - 1) + "}";
        };
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\' || c < ' ' || Character.isSurrogate((char) c)) {
                out.append("\\u%04x".formatted(c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }

    /** As a page's form sends it, mostly. */
    byte[] form(Map<String, String> usual) {
        if (happens(10)) {
            return bytes();
        }
        var out = new ByteArrayOutputStream();
        usual.forEach((name, value) -> {
            if (happens(60)) {
                out.writeBytes((name + "=").getBytes(StandardCharsets.UTF_8));
                out.writeBytes(inAddress(happens(40) ? value.getBytes(StandardCharsets.UTF_8) : bytes()));
                out.write('&');
            }
        });
        return out.toByteArray();
    }
}
