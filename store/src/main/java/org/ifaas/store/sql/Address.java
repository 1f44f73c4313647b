package org.ifaas.store.sql;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Where the database is and who asks for it. */
public record Address(
        String jdbcUrl, @Nullable String user, @Nullable String password) {
    private static final String FORMS =
            "Give it as jdbc:postgresql://HOST:PORT/NAME or postgresql://USER:PASSWORD@HOST:PORT/NAME.";

    /** @throws StoreFailure when the URL has neither form */
    public static Address of(Database.Served served) {
        var url = served.url();
        if (url.startsWith("jdbc:postgresql:")) {
            if (!new Driver().acceptsURL(url)) {
                throw new StoreFailure("database", withoutSecrets(url), "is no address of a database", FORMS);
            }
            return new Address(url, served.user(), served.password());
        }
        try {
            var uri = new URI(url);
            if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme()) || uri.getHost() == null) {
                throw new StoreFailure(
                        "database", withoutSecrets(url), "is no address of a PostgreSQL database", FORMS);
            }
            var login = uri.getUserInfo() == null
                    ? new String[0]
                    : uri.getUserInfo().split(":", 2);
            var jdbc = "jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                    + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
            return new Address(
                    jdbc,
                    served.user() == null && login.length > 0 ? login[0] : served.user(),
                    served.password() == null && login.length > 1 ? login[1] : served.password());
        } catch (URISyntaxException e) {
            throw new StoreFailure("database", withoutSecrets(url), "is no address of a database", FORMS);
        }
    }

    /** Without user and password. */
    public String shown() {
        return withoutSecrets(jdbcUrl).replaceFirst("^jdbc:", "");
    }

    private static String withoutSecrets(String url) {
        return url.replaceAll("//[^/@]*@", "//").replaceAll("\\?.*", "");
    }

    @Override
    public String toString() {
        return shown();
    }

    /** A data source without a pool. */
    public PGSimpleDataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        if (user != null) {
            source.setUser(user);
        }
        if (password != null) {
            source.setPassword(password);
        }
        source.setApplicationName("ifaas");
        source.setTcpKeepAlive(true);
        if (source.getConnectTimeout() == Integer.parseInt(defaultOf(PGProperty.CONNECT_TIMEOUT))) {
            source.setConnectTimeout(10);
        }
        return source;
    }

    private static String defaultOf(PGProperty property) {
        var value = property.getOrDefault(new Properties());
        return value == null ? "0" : value;
    }
}
