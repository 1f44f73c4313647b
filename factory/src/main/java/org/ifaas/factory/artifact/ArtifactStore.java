package org.ifaas.factory.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.host.Availability;

/**
 * Where releases and logs are kept. Keys are relative paths with {@code /}, checked against leaving the store. What has
 * been created is durable when its stream is closed, and appears whole or not at all.
 */
public interface ArtifactStore {
    Availability availability();

    /** Bytes that can still be written. */
    long free() throws IOException;

    /** Replaces what is there, once the stream is closed. */
    Creation create(String key) throws IOException;

    /** Copies a file into the store, whole or not at all. */
    default void copy(Path file, String key) throws IOException {
        create(key, creation -> Files.copy(file, creation));
    }

    /** What {@code content} writes appears whole or not at all. */
    default void create(String key, Content content) throws IOException {
        try (var creation = create(key)) {
            try {
                content.writeTo(creation);
            } catch (IOException | RuntimeException e) {
                creation.abandon();
                throw e;
            }
        }
    }

    InputStream open(String key) throws IOException;

    /** All of a small text in UTF-8. */
    default String read(String key) throws IOException {
        try (var in = open(key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Replaces it by a text in UTF-8. */
    default void write(String key, String text) throws IOException {
        create(key, creation -> creation.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    boolean exists(String key);

    /** Size in bytes. */
    long size(String key) throws IOException;

    /** Keys of all files under a folder, sorted; what is still being written, or goes meanwhile, is none. */
    List<String> list(String folder) throws IOException;

    /** Removes a file, or a folder with all that is in it; no effect when there is nothing. */
    void delete(String key) throws IOException;

    /** The file or folder on this machine's disk, for tools that need a path. */
    Path path(String key);

    /** Writes what is to be in a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream file) throws IOException;
    }

    /**
     * A file on its way into the store. Closing it makes it appear, so that whoever fails to write all of it has to abandon
     * it first: a {@code try} with resources closes it then too. A failed write has abandoned it already.
     */
    abstract class Creation extends OutputStream {
        /** Nothing appears when it is closed. No effect once it is closed. */
        public abstract void abandon();
    }
}
