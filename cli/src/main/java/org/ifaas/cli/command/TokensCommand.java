package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.NewTokenView;
import org.ifaas.api.TokenRequest;
import org.ifaas.api.TokenView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "tokens", description = "List the tokens with which programs ask the factory.")
final class TokensCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    TokensCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("tokens").with("limit", "1000"));
        if (query.printed(said)) {
            return 0;
        }
        var table = new Table("TOKEN", "OWNER", "ROLES", "IMAGES", "REGION", "STATE", "EXPIRES", "LAST USED");
        for (var token : Json.list(said, TokenView.class)) {
            table.row(
                    token.name(),
                    token.owner(),
                    String.join(", ", token.roles()),
                    images(token),
                    token.region(),
                    token.revoked() == null ? Words.state(token.state()) : "revoked by " + token.revokedBy(),
                    Amounts.dayAndTime(token.expires(), surroundings.zone()),
                    Amounts.dayAndTime(token.used(), surroundings.zone()));
        }
        table.print(surroundings, "There are no tokens.");
        return 0;
    }

    private static String images(TokenView token) {
        return token.images().contains("*") ? "all" : String.join(", ", token.images());
    }

    @Command(name = "create", description = "Make a token and print it, this once. It asks as whoever makes it.")
    static final class Create implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final Query query;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                required = true,
                description = "What it may: viewer, requester, operator, publisher, admin,"
                        + " or region-publisher for a publisher beside a region. Several are allowed.")
        private List<String> roles = List.of();

        @Option(
                names = "--image",
                paramLabel = "PATTERN",
                description =
                        "Only for images of that name, in which * stands for any characters. Several are allowed.")
        private @Nullable List<String> images;

        @Option(
                names = "--region",
                paramLabel = "REGION",
                description = "With the role region-publisher: whose publications it is for.")
        private @Nullable String region;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "After how long, such as 12h or 90d (default: tokens.lifetime of the configuration).")
        private @Nullable String expires;

        @Parameters(paramLabel = "NAME", description = "Its name: lower-case letters, digits, dots and hyphens.")
        private String name = "";

        Create(Surroundings surroundings) {
            this.surroundings = surroundings;
            this.query = new Query(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            var wanted = new TokenRequest(name, roles, images, region, expires);
            var said = query.rest().post(Address.of("tokens"), wanted);
            if (query.printed(said)) {
                return 0;
            }
            var created = Json.read(said, NewTokenView.class);
            surroundings.out().println(created.secret());
            surroundings
                    .err()
                    .println("It is not shown again, and expires "
                            + Amounts.dayAndTime(created.token().expires(), surroundings.zone())
                            + ". A program sends it as 'Authorization: Bearer …', ifaas takes it from IFAAS_TOKEN.");
            return 0;
        }
    }

    @Command(name = "revoke", description = "Let a token open nothing any more.")
    static final class Revoke implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final Query query;

        @Parameters(paramLabel = "TOKEN", description = "Its name, as `ifaas tokens` says it.")
        private String name = "";

        Revoke(Surroundings surroundings) {
            this.surroundings = surroundings;
            this.query = new Query(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            var said = query.rest().delete(Address.of("tokens", name));
            if (!query.printed(said)) {
                surroundings.out().println("Token " + name + " is revoked");
            }
            return 0;
        }
    }
}
