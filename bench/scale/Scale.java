import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.ifaas.store.embedded.EmbeddedPostgres;

/**
 * The bench's other hands: {@code database HOME PROGRAMS} keeps a PostgreSQL until its standard input ends, {@code request HOME
 * BUILDS} asks the factory of that home for builds, {@code count DATABASE STATE} says how many builds are in it, {@code window
 * DATABASE PLACES FROM TO} says what happened between two times, in seconds since 1970.
 */
final class Scale {
    private Scale() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "database" -> database(Path.of(arguments[1]), Path.of(arguments[2]));
            case "request" -> request(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            case "count" -> System.out.println(number(arguments[1], "select count(*) from build where state = '" + arguments[2] + "'"));
            default ->
                window(
                        arguments[1],
                        Integer.parseInt(arguments[2]),
                        Double.parseDouble(arguments[3]),
                        Double.parseDouble(arguments[4]));
        }
    }

    private static void database(Path home, Path programs) throws Exception {
        try (var server = EmbeddedPostgres.start(home, programs)) {
            var address = server.address();
            // It has a session of its own, and does not end with this process.
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            System.out.println(server.process().pid() + " " + address.jdbcUrl() + "?user=" + address.user() + "&password=" + address.password());
            while (System.in.read() >= 0) {}
        }
    }

    private static void request(Path home, int builds) throws Exception {
        var announced = Files.readString(home.resolve("run/factory.json"));
        var url = announced.replaceAll("(?s).*\"url\":\"([^\"]*)\".*", "$1");
        var token = announced.replaceAll("(?s).*\"token\":\"([^\"]*)\".*", "$1");
        var places = new Semaphore(16);
        try (var client = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < builds; i++) {
                places.acquire();
                threads.submit(() -> {
                    try {
                        var answer = client.send(
                                HttpRequest.newBuilder(URI.create(url + "/api/v1/builds"))
                                        .header("Authorization", "Bearer " + token)
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(
                                                "{\"image\":\"busybox\",\"cloud\":\"sim\",\"force\":true}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                        if (answer.statusCode() != 201) {
                            System.err.println(answer.statusCode() + " " + answer.body());
                        }
                    } finally {
                        places.release();
                    }
                    return true;
                });
            }
        }
    }

    private static long number(String database, String query) throws SQLException {
        try (var connection = DriverManager.getConnection(database)) {
            return (long) column(connection, query).getFirst().doubleValue();
        }
    }

    private static List<Double> column(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var all = new ArrayList<Double>();
            while (rows.next()) {
                all.add(rows.getDouble(1));
            }
            return all;
        }
    }

    /** The first build that ends leaves its place to the first that finds none when it is asked for, and so on. */
    private static void window(String database, int places, double from, double to) throws SQLException {
        try (var connection = DriverManager.getConnection(database)) {
            var between = " between to_timestamp(" + from + ") and to_timestamp(" + to + ")";
            var ended = column(connection, "select extract(epoch from ended) from build where ended is not null order by 1");
            var started = column(connection, "select extract(epoch from started) from build where started is not null order by 1");
            var taken = new ArrayList<Double>();
            int inWindow = 0;
            for (int i = 0; i < ended.size(); i++) {
                if (ended.get(i) >= from && ended.get(i) <= to) {
                    inWindow++;
                    if (places + i < started.size()) {
                        taken.add(started.get(places + i) - ended.get(i));
                    }
                }
            }
            System.out.println("ended " + inWindow);
            print("a free place is taken after", taken);
            // Stage 3 needs 2, and so on; 12 and 13 need 9, which ends last of what they need, or 12.
            print("a stage whose needs are met starts after", column(connection, """
                    select extract(epoch from next.started - before.ended)
                    from stage_run next join stage_run before on before.build = next.build and before.attempt = next.attempt
                        and (next.stage, before.stage) in (('SPAWN_BUILD_HOST', 'INITIALIZE'),
                            ('CONNECT_BUILD_HOST', 'SPAWN_BUILD_HOST'), ('CHECK_OUT_SOURCES', 'CONNECT_BUILD_HOST'),
                            ('CONFIGURE_BUILD_HOST', 'CHECK_OUT_SOURCES'), ('PREPARE_RUN', 'CONFIGURE_BUILD_HOST'),
                            ('BUILD_IMAGE', 'PREPARE_RUN'), ('REGISTER_PRIVATE_IMAGE', 'BUILD_IMAGE'),
                            ('TEST_IMAGE', 'REGISTER_PRIVATE_IMAGE'), ('COPY_TO_REGIONS', 'TEST_IMAGE'))
                    where next.started""" + between));
            System.out.println("failed " + (long) column(connection, "select count(*) from build where state = 'FAILED'").getFirst().doubleValue());
            System.out.println("attempts " + (long) column(connection, "select coalesce(max(attempt), 0) from build").getFirst().doubleValue());
        }
    }

    private static void print(String what, List<Double> values) {
        var sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            System.out.println(what + ": nothing to measure");
            return;
        }
        System.out.printf(
                "%s: p50 %.3f s, p99 %.3f s, most %.3f s (%d)%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * 99L / 100)),
                sorted.getLast(),
                sorted.size());
    }
}
