package org.ifaas.factory.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.ifaas.factory.pipeline.StageName;

/**
 * A test script that prints TAP and is run by the interpreter that its first line names.
 *
 * @param name for people and in the results, such as {@code leftovers}
 */
public record Script(String name, String content) {

    /** One of the baseline suite. */
    static Script shipped(String name) {
        return new Script(name, resource(name + ".sh"));
    }

    /** A definition's own script, under its path inside the definition's folder. */
    public static Script own(String path, InputStream content) throws IOException {
        return new Script(path, new String(content.readAllBytes(), StandardCharsets.UTF_8));
    }

    static String resource(String file) {
        var path = "/org/ifaas/factory/stage/" + StageName.TEST_IMAGE.file() + "/" + file;
        try (var in = Script.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new UncheckedIOException(new IOException("no resource " + path));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
