package org.ifaas.store;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.store.embedded.EmbeddedPostgres;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.Rights;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.StoreFailure;
import org.ifaas.store.sql.Undisturbed;

/** Looks at the database for real, over a connection of its own: what a factory needs of it now, and what its next release will. */
public final class StoreDoctor {
    public static final String SERVER = "database";
    public static final String FILES = "database files";
    public static final String TABLES = "database tables";
    public static final String SCHEMA = "database schema";

    private static final int OLDEST_MAJOR = 15;

    private final Database database;
    private final Address address;

    StoreDoctor(Database database, Address address) {
        this.database = database;
        this.address = address;
    }

    /**
     * By what was looked at, in the order in which it matters. {@link #SCHEMA} is of the time to come: without it, what there is
     * works on.
     */
    public Map<String, Availability> checks() {
        var checks = new LinkedHashMap<String, Availability>();
        var server = looked(() -> server(address));
        checks.put(SERVER, server);
        if (database instanceof Database.Embedded(var home, var programs)) {
            checks.put(FILES, looked(() -> EmbeddedPostgres.look(home, programs)));
            if (!server.available()) {
                checks.put(
                        SERVER,
                        new Availability(
                                false,
                                server.detail(),
                                "The factory starts it again by itself; where it can't, the database's log says why: "
                                        + home.resolve("log")));
            }
        }
        if (server.available()) {
            var sql = new Sql(address.dataSource());
            checks.put(TABLES, looked(() -> Rights.ofToday(sql)));
            checks.put(SCHEMA, looked(() -> Rights.ofTheNextRelease(sql)));
        }
        return checks;
    }

    private static Availability looked(Supplier<String> look) {
        try {
            return new Availability(true, Undisturbed.call(look), "");
        } catch (StoreFailure e) {
            return new Availability(false, String.valueOf(e.getMessage()), e.mend());
        } catch (JournalAway e) {
            return new Availability(
                    false,
                    String.valueOf(e.getMessage()),
                    e.isFull() ? "Make space on it: without database.url it is the home's." : "See to its server.");
        }
    }

    /**
     * Which server it is, for people.
     *
     * @throws StoreFailure when it does not answer, is too old, or can't be written
     */
    static String server(Address address) {
        try (var connection = address.dataSource().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        select current_setting('server_version_num')::int / 10000, current_setting('server_version'),
                               current_setting('server_encoding'), current_setting('transaction_read_only')""")) {
            row.next();
            if (row.getInt(1) < OLDEST_MAJOR) {
                throw new StoreFailure(
                        "database",
                        address.shown(),
                        "is PostgreSQL " + row.getString(2),
                        "Use PostgreSQL " + OLDEST_MAJOR + " or later.");
            }
            if (!row.getString(3).equals("UTF8")) {
                throw new StoreFailure(
                        "database",
                        address.shown(),
                        "has the encoding " + row.getString(3),
                        "Make a database with the encoding UTF8.");
            }
            if (row.getBoolean(4)) {
                throw new StoreFailure(
                        "database",
                        address.shown(),
                        "can only be read",
                        "Name the primary and not a standby, and see that default_transaction_read_only is off.");
            }
            return "PostgreSQL " + row.getString(2) + " at " + address.shown();
        } catch (SQLException e) {
            throw new StoreFailure(
                    "database",
                    address.shown(),
                    "can't be reached: " + String.valueOf(e.getMessage()).strip(),
                    mend(e),
                    e);
        }
    }

    private static String mend(SQLException e) {
        return switch (String.valueOf(e.getSQLState())) {
            case "28P01", "28000" -> "Check user and password, and the server's pg_hba.conf.";
            case "3D000" -> "Create the database, owned by the factory's user.";
            default -> "Check host and port, and that the server is running and lets this machine in.";
        };
    }
}
