package org.ifaas.cli.factory;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import org.ifaas.api.TokenAddress;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** A factory elsewhere, named by IFAAS_URL and asked with the token in IFAAS_TOKEN. */
public final class RemoteFactory {
    private static final String URL = "IFAAS_URL";
    private static final String TOKEN = "IFAAS_TOKEN";

    private RemoteFactory() {}

    /** Empty where none is named. */
    public static Optional<Rest> named(Surroundings surroundings) {
        var url = url(surroundings).orElse("");
        var token = surroundings.environment().getOrDefault(TOKEN, "").strip();
        if (url.isEmpty() && token.isEmpty()) {
            return Optional.empty();
        }
        if (url.isEmpty()) {
            throw new Stop(
                    ExitCode.USAGE,
                    TOKEN + " is set and " + URL + " is not",
                    "Say with " + URL + " which factory it is for, such as https://images.example.org; or unset it.");
        }
        if (token.isEmpty()) {
            throw new Stop(
                    ExitCode.USAGE,
                    URL + " is set and " + TOKEN + " is not",
                    "Set it to a token that 'ifaas tokens create' has made there; or give --home for a factory here.");
        }
        return Optional.of(new Rest(address(url), token));
    }

    /** Its address, as it is given. */
    public static Optional<String> url(Surroundings surroundings) {
        return Optional.ofNullable(surroundings.environment().get(URL))
                .map(String::strip)
                .filter(url -> !url.isEmpty());
    }

    private static URI address(String url) {
        var address = parsed(url);
        if (address == null
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || !url.replaceFirst("/$", "").equals(address.getScheme() + "://" + address.getRawAuthority())
                || !Set.of("http", "https").contains(address.getScheme())) {
            throw new Stop(
                    ExitCode.USAGE,
                    URL + " is no address of a factory: " + url,
                    "Give such as https://images.example.org, without a path.");
        }
        if (!TokenAddress.keepsSecrets(address)) {
            throw new Stop(
                    ExitCode.USAGE,
                    URL + " would send the token over the network in the clear: " + url,
                    "Give an address that begins with https.");
        }
        return address;
    }

    private static @Nullable URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
