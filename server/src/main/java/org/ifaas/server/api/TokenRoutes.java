package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.api.NewTokenView;
import org.ifaas.api.TokenRequest;
import org.ifaas.api.TokenView;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.login.PostgresTokens;
import org.ifaas.store.login.StoredToken;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/tokens}: for administrators alone, so that no token makes another that outlives it. */
public final class TokenRoutes implements HttpService {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,5})([mhd])");

    private final Tokens tokens;
    private final Registries registries;
    private final InstantSource clock;

    public TokenRoutes(Tokens tokens, Registries registries, InstantSource clock) {
        this.tokens = tokens;
        this.registries = registries;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list).post("/", this::create).delete("/{name}", this::revoke);
    }

    private void list(ServerRequest request, ServerResponse response) {
        int limit = Page.limit(request);
        var after = Page.given(request, Page.CURSOR).map(TokenRoutes::after).orElse(null);
        var page = Page.of(
                tokens.list(limit + 1, after),
                limit,
                Page.CURSOR,
                last -> last.created() + "/" + last.name(),
                request,
                response);
        Json.send(request, response, page.stream().map(this::view).toList());
    }

    private static PostgresTokens.Place after(String cursor) {
        var parts = cursor.split("/", 2);
        try {
            return new PostgresTokens.Place(Instant.parse(parts[0]), parts.length < 2 ? "" : parts[1]);
        } catch (DateTimeParseException e) {
            throw Page.noCursor(cursor);
        }
    }

    private void create(ServerRequest request, ServerResponse response) {
        var asked = Json.read(request, TokenRequest.class);
        var name = name(asked.name());
        var roles = roles(asked);
        var wanted = new Tokens.Wanted(
                name, roles, images(asked, roles), region(asked.region(), roles), lifetime(asked.expires()));
        var created = tokens.create(wanted, Caller.of(request).person())
                .orElseThrow(() -> new Refusal(
                        409,
                        "there is a token of this name",
                        "name",
                        wanted.name(),
                        "Choose another, or 'ifaas tokens revoke " + wanted.name() + "' first."));
        Json.send(response, 201, new NewTokenView(created.secret(), view(created.token())));
    }

    private void revoke(ServerRequest request, ServerResponse response) {
        var name = request.path().pathParameters().get("name");
        var revoked = tokens.revoke(name, Caller.of(request).name())
                .orElseThrow(() -> Refusal.notFound(
                        "token", name, "'ifaas tokens' lists them; one that is revoked already stays so."));
        Json.send(response, view(revoked));
    }

    private static String name(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new Refusal(
                    400,
                    "is no name of a token",
                    "name",
                    name,
                    "Give one of lower-case letters, digits, dots and hyphens.");
        }
        return name;
    }

    private static Set<Role> roles(TokenRequest asked) {
        var roles = EnumSet.noneOf(Role.class);
        for (var name : Objects.requireNonNullElse(asked.roles(), List.<String>of())) {
            roles.add(Role.named(String.valueOf(name))
                    .orElseThrow(() -> new Refusal(400, "is no role", "roles", name, choose())));
        }
        if (roles.isEmpty()) {
            throw new Refusal(400, "a token has one role at least", "roles", null, choose());
        }
        if (roles.contains(Role.REGION_PUBLISHER) && roles.size() > 1) {
            throw new Refusal(
                    400,
                    "region-publisher stands alone",
                    "roles",
                    String.join(", ", asked.roles()),
                    "Make another token for the other roles.");
        }
        return roles;
    }

    private static String choose() {
        return "Choose among "
                + EnumSet.allOf(Role.class).stream().map(Role::slug).collect(Collectors.joining(", ")) + ".";
    }

    private static ImagePatterns images(TokenRequest asked, Set<Role> roles) {
        var images = Objects.requireNonNullElse(asked.images(), List.<String>of());
        for (var image : images) {
            if (!ImagePatterns.isGlob(String.valueOf(image))) {
                throw new Refusal(
                        400,
                        "is no pattern for names of images",
                        "images",
                        image,
                        "Give a name, or part of one with * for the rest, such as debian-*.");
            }
        }
        if (!images.isEmpty() && roles.contains(Role.REGION_PUBLISHER)) {
            throw new Refusal(
                    400,
                    "a region's publisher is for all images of its region",
                    "images",
                    String.join(", ", images),
                    "Leave the images out.");
        }
        return images.isEmpty() ? ImagePatterns.ALL : ImagePatterns.of(images);
    }

    private @Nullable String region(@Nullable String region, Set<Role> roles) {
        boolean needed = roles.contains(Role.REGION_PUBLISHER);
        var known = registries.all().stream().map(Registry::region).toList();
        if (needed && !known.contains(String.valueOf(region))) {
            throw new Refusal(
                    400,
                    region == null ? "region-publisher needs a region" : "is no region of this factory",
                    "region",
                    region,
                    "Choose among " + String.join(", ", known) + ".");
        }
        if (!needed && region != null) {
            throw new Refusal(
                    400,
                    "only region-publisher has a region",
                    "region",
                    region,
                    "Leave the region out, or ask for that role.");
        }
        return region;
    }

    private @Nullable Duration lifetime(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var matcher = SHORT.matcher(text);
            var lifetime = Duration.parse(
                    !matcher.matches() ? text : (text.endsWith("d") ? "P" : "PT") + text.toUpperCase(Locale.ROOT));
            if (lifetime.isPositive() && lifetime.compareTo(tokens.longest()) <= 0) {
                return lifetime;
            }
        } catch (DateTimeParseException e) {
            // Told below, like one that is too long.
        }
        throw new Refusal(
                400,
                "is no time that a token may last",
                "expires",
                text,
                "Give such as 12h or 90d, at most " + tokens.longest().toDays() + "d (tokens.longest).");
    }

    private TokenView view(StoredToken token) {
        return new TokenView(
                token.name(),
                token.owner(),
                token.roles().stream().map(role -> Role.valueOf(role).slug()).toList(),
                token.images(),
                token.region(),
                token.revoked() != null ? "REVOKED" : clock.instant().isBefore(token.expires()) ? "ACTIVE" : "EXPIRED",
                token.created(),
                token.expires(),
                token.used(),
                token.revoked(),
                token.revokedBy());
    }
}
