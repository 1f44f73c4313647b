package org.ifaas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.StoreFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.Running.class)
class StoreErrorsTest {
    private static void refused(Database.Served database, String message, String mend) {
        assertThatThrownBy(() -> Store.open(StoreConfig.of(database, "n"), List.of(), InstantSource.system())
                        .close())
                .isInstanceOfSatisfying(StoreFailure.class, failure -> {
                    assertThat(failure.field()).isEqualTo("database");
                    assertThat(failure).hasMessageContaining(message);
                    assertThat(failure.mend()).contains(mend);
                });
    }

    @Test
    void a_server_that_is_not_there_is_told() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        refused(
                new Database.Served("postgresql://127.0.0.1:" + port + "/d", "u", "p"),
                "can't be reached",
                "Check host and port");
    }

    @Test
    void a_wrong_password_is_told() {
        var database = TestServer.embedded().emptyDatabase();
        refused(
                new Database.Served(database.url(), database.user(), "wrong"),
                "can't be reached",
                "Check user and password");
    }

    @Test
    void a_database_without_the_right_to_make_tables_is_told() {
        var database = TestServer.embedded().emptyDatabase();
        refused(
                new Database.Served(
                        database.url().replaceAll("currentSchema=.*", "currentSchema=pg_catalog"),
                        database.user(),
                        database.password()),
                "can't be brought up to date",
                "grant");
    }

    @Test
    void a_node_without_a_name_and_too_few_connections_are_refused() {
        var database = new Database.Served("postgresql://h/d", null, null);
        assertThatThrownBy(() -> StoreConfig.of(database, " ")).isInstanceOf(StoreFailure.class);
        var good = StoreConfig.of(database, "n");
        assertThatThrownBy(() -> new StoreConfig(database, "n", 1, good.queue(), good.logs()))
                .isInstanceOf(StoreFailure.class);
    }
}
