package org.ifaas.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.Running.class)
class SchemaTest {
    @Test
    void the_version_is_that_of_the_newest_migration() throws Exception {
        try (var files = Files.list(Path.of("src/main/resources/org/ifaas/store/migration"))) {
            var newest = files.map(file -> file.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                    .max();
            assertThat(newest).hasValue(Schema.VERSION);
        }
    }

    @Test
    void every_table_is_backed_up_but_the_queues_and_who_is_signed_in() {
        var database = Address.of(TestServer.embedded().emptyDatabase()).dataSource();
        Schema.migrate(database);
        Schema.migrate(database);
        var tables = new Sql(database)
                .query(handle -> handle.createQuery(
                                "select table_name from information_schema.tables where table_schema = current_schema()")
                        .mapTo(String.class)
                        .list());
        assertThat(tables).containsAll(Schema.TABLES);
        tables.removeAll(Schema.TABLES);
        tables.removeAll(Schema.NOT_BACKED_UP);
        assertThat(tables).containsExactly("flyway_schema_history");
    }

    @Test
    void dropping_leaves_nothing_and_migrating_again_makes_it_whole() {
        var sql = new Sql(Address.of(TestServer.embedded().emptyDatabase()).dataSource());
        assertThat(Schema.version(sql)).isZero();
        Schema.migrate(sql.database());
        assertThat(Schema.version(sql)).isEqualTo(Schema.VERSION);
        Schema.drop(sql);
        assertThat(Schema.version(sql)).isZero();
        Schema.migrateTo(sql.database(), Schema.VERSION);
        assertThat(Schema.version(sql)).isEqualTo(Schema.VERSION);
    }
}
