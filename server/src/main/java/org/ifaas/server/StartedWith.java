package org.ifaas.server;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The database and the configuration that a home's factory was started with. The next command that starts one without a word of
 * them means the same: with an empty database of its own it would know of none of the builds that wait to be carried on.
 *
 * @param database null for what the configuration says
 * @param config null for the home's own file
 */
record StartedWith(@Nullable String database, @Nullable Path config) {
    /** Said on the command line, it takes back the database that was said before. */
    static final String EMBEDDED = "embedded";

    private static final String FILE = "started-with";

    static StartedWith of(Path home) throws IOException {
        var said = new Properties();
        var file = home.resolve(FILE);
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                said.load(in);
            }
        }
        var config = said.getProperty("config");
        return new StartedWith(said.getProperty("database"), config == null ? null : Path.of(config));
    }

    /** What is said now, and where nothing is, what was said before. */
    StartedWith and(@Nullable String databaseNow, @Nullable Path configNow) {
        var url = databaseNow == null ? database : databaseNow;
        return new StartedWith(
                EMBEDDED.equals(url) ? null : url,
                configNow == null ? config : configNow.toAbsolutePath().normalize());
    }

    /** The database's address may hold a password: nobody else reads the file. */
    void write(Path home) throws IOException {
        var said = new Properties();
        if (database != null) {
            said.setProperty("database", database);
        }
        if (config != null) {
            said.setProperty("config", config.toString());
        }
        var file = home.resolve(FILE);
        if (said.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        var text = new StringWriter();
        said.store(
                text, "What this home's factory was started with; the next start without a word of it means the same.");
        Home.write(file, text.toString());
    }
}
