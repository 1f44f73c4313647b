package org.ifaas.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.store.embedded.EmbeddedPostgres;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.Schema;
import org.ifaas.store.sql.Sql;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be wrong with a database, each with its mend. */
@ExtendWith(TestServer.Running.class)
class StoreDoctorTest {
    private final Path home = Scratch.folder("doctor");
    private final TestServer server = TestServer.embedded();

    @AfterEach
    void leaveNothing() {
        Scratch.delete(home);
    }

    private static Availability look(Database database, Address address, String what) {
        return new StoreDoctor(database, address)
                .checks()
                .getOrDefault(what, new Availability(true, "not looked at", ""));
    }

    private static void good(Availability found, String detail) {
        assertThat(found.detail()).contains(detail);
        assertThat(found.available()).isTrue();
        assertThat(found.mend()).isEmpty();
    }

    private static void bad(Availability found, String detail, String mend) {
        assertThat(found.available()).as(found.toString()).isFalse();
        assertThat(found.detail()).contains(detail);
        assertThat(found.mend()).contains(mend);
    }

    private static void run(Address address, List<String> statements) {
        new Sql(address.dataSource()).write(handle -> statements.forEach(handle::execute));
    }

    @Test
    void a_server_of_ones_own_is_good_or_says_what_it_lacks() {
        var database = server.emptyDatabase();
        var address = Address.of(database);
        Schema.migrate(address.dataSource());
        good(look(database, address, StoreDoctor.SERVER), "PostgreSQL 18");
        good(look(database, address, StoreDoctor.TABLES), "may be read and written");
        good(look(database, address, StoreDoctor.SCHEMA), "version " + Schema.VERSION);
        assertThat(new StoreDoctor(database, address).checks()).doesNotContainKey(StoreDoctor.FILES);

        run(
                address,
                List.of("update flyway_schema_history set version = '%d' where version = '%d'"
                        .formatted(Schema.VERSION + 1, Schema.VERSION)));
        bad(look(database, address, StoreDoctor.SCHEMA), "is of a later release: this one knows", "Bring this node");
        run(
                address,
                List.of("update flyway_schema_history set version = '%d' where version = '%d'"
                        .formatted(Schema.VERSION, Schema.VERSION + 1)));

        run(address, List.of("revoke select on build from current_user"));
        bad(
                look(database, address, StoreDoctor.TABLES),
                "tables build: may not be read and written",
                "own the database");

        run(address, List.of("revoke create on schema %s from current_user".formatted(schema(database))));
        bad(look(database, address, StoreDoctor.SCHEMA), "may not make tables", "grant it CREATE");

        var standby = new Address(
                address.jdbcUrl() + "&options=-c%20default_transaction_read_only=on",
                address.user(),
                address.password());
        bad(look(database, standby, StoreDoctor.SERVER), "can only be read", "Name the primary");

        var wrong = new Address(address.jdbcUrl(), address.user(), "wrong");
        bad(look(database, wrong, StoreDoctor.SERVER), "can't be reached", "Check user and password");
    }

    private static String schema(Database.Served database) {
        return database.url().replaceAll(".*currentSchema=", "");
    }

    @Test
    void the_embedded_server_is_good_or_says_what_its_files_lack() throws IOException, SQLException {
        var programs = Scratch.programs();
        var database = new Database.Embedded(home, programs);
        Address address;
        try (var postgres = EmbeddedPostgres.start(home, programs)) {
            good(look(database, postgres.address(), StoreDoctor.SERVER), "PostgreSQL 18");
            good(look(database, postgres.address(), StoreDoctor.FILES), "postgres (PostgreSQL) 18");

            var data = home.resolve("data");
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
            bad(look(database, postgres.address(), StoreDoctor.FILES), "entered by others", "chmod 700 '" + data + "'");
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));

            var version = Files.readString(data.resolve("PG_VERSION"));
            Files.writeString(data.resolve("PG_VERSION"), "17\n");
            bad(look(database, postgres.address(), StoreDoctor.FILES), "written by PostgreSQL 17", "ifaas backup");
            Files.delete(data.resolve("PG_VERSION"));
            bad(look(database, postgres.address(), StoreDoctor.FILES), "not the data folder", "ifaas restore");
            Files.writeString(data.resolve("PG_VERSION"), version);

            var gone = new Database.Embedded(home, home.resolve("no-programs"));
            bad(look(gone, postgres.address(), StoreDoctor.FILES), "postgres: can't be run", "unpacks it anew");
            address = postgres.address();
        }
        bad(look(database, address, StoreDoctor.SERVER), "can't be reached", "starts it again by itself");
        good(look(database, address, StoreDoctor.FILES), "postgres (PostgreSQL) 18");
    }
}
