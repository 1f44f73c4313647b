package org.ifaas.mail.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Who is told by HTTP.
 *
 * @param name what the operator calls it: lower-case letters, digits and hyphens
 * @param url {@code https}, or {@code http} for a program nearby
 * @param secretFile its first line is the secret that both sides know; with {@code whsec_} before it, it is in base64
 */
public record WebhookTarget(String name, URI url, Path secretFile) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");

    /** @throws IllegalArgumentException with a text for the operator */
    public static WebhookTarget of(String name, String url, String secretFile) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("its name is lower-case letters, digits and hyphens");
        }
        if (secretFile.isBlank()) {
            throw new IllegalArgumentException("it has a secret_file, whose first line both sides know");
        }
        try {
            var address = new URI(url);
            if (address.getHost() == null
                    || !"http".equals(address.getScheme()) && !"https".equals(address.getScheme())
                    || address.getUserInfo() != null) {
                throw new IllegalArgumentException("its url is one of http or https, without a user");
            }
            return new WebhookTarget(name, address, Path.of(secretFile).toAbsolutePath());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("its url is one of http or https: " + e.getMessage(), e);
        }
    }
}
