package org.ifaas.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ifaas.factory.notify.NotifyPolicy;
import org.ifaas.mail.SmtpServer;
import org.ifaas.mail.SmtpServer.Security;
import org.ifaas.mail.webhook.WebhookTarget;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what happens, and how.
 *
 * @param from sender of all mails
 * @param operators mail addresses of those who run the factory
 * @param smtp null to write mails to a folder
 * @param every how often the outbox is looked through
 */
record Notification(
        String from,
        List<String> operators,
        @Nullable SmtpServer smtp,
        List<WebhookTarget> webhooks,
        NotifyPolicy policy,
        Duration every) {
    private static final String ADDRESS =
            "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?";

    static Notification read(Settings settings) {
        return new Notification(
                from(settings),
                operators(settings),
                smtp(settings),
                webhooks(settings),
                policy(settings),
                settings.duration("notify.every", Duration.ofSeconds(5)));
    }

    private static String from(Settings settings) {
        var from = settings.text("mail.from", "image-factory@localhost");
        if (!from.matches(ADDRESS)) {
            settings.error("mail.from", from, "a mail address such as image-factory@example.org");
        }
        return from;
    }

    private static List<String> operators(Settings settings) {
        var operators = settings.texts("mail.operators");
        operators.stream()
                .filter(address -> !address.matches(ADDRESS))
                .forEach(address ->
                        settings.error("mail.operators", address, "a mail address such as operator@example.org"));
        return operators;
    }

    private static @Nullable SmtpServer smtp(Settings settings) {
        var host = settings.textOrNull("mail.smtp.host");
        var security = security(settings);
        int port = settings.number("mail.smtp.port", security == Security.TLS ? 465 : 587, 1, 65535);
        var user = settings.textOrNull("mail.smtp.user");
        var password = settings.textOrNull("mail.smtp.password_file");
        var ca = settings.textOrNull("mail.smtp.ca_file");
        var patience = settings.duration("mail.smtp.patience", Duration.ofSeconds(30));
        if ((user == null) != (password == null)) {
            settings.error(
                    user == null ? "mail.smtp.user" : "mail.smtp.password_file",
                    "nothing",
                    "enough: a user has a password_file, and the other way round");
        }
        if (host == null) {
            return null;
        }
        return new SmtpServer(host, port, security, user, Settings.path(password), Settings.path(ca), patience);
    }

    private static Security security(Settings settings) {
        var text = settings.text("mail.smtp.security", "starttls");
        try {
            return Security.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            settings.error("mail.smtp.security", text, "starttls, tls or none");
            return Security.STARTTLS;
        }
    }

    private static List<WebhookTarget> webhooks(Settings settings) {
        var targets = new ArrayList<WebhookTarget>();
        var names = new HashSet<String>();
        for (var entry : settings.entries("webhooks", Set.of("name", "url", "secret_file"))) {
            try {
                var target = WebhookTarget.of(
                        entry.getOrDefault("name", ""),
                        entry.getOrDefault("url", ""),
                        entry.getOrDefault("secret_file", ""));
                targets.add(target);
                if (!names.add(target.name())) {
                    settings.error("webhooks", entry, "the only one of its name: rename it");
                }
            } catch (IllegalArgumentException e) {
                settings.error("webhooks", entry, "a webhook: " + e.getMessage());
            }
        }
        return targets;
    }

    private static NotifyPolicy policy(Settings settings) {
        var defaults = NotifyPolicy.defaults();
        return new NotifyPolicy(
                settings.duration("notify.retry", defaults.retry()),
                settings.duration("notify.slowest_retry", defaults.slowestRetry()),
                settings.duration("notify.give_up", defaults.giveUp()),
                defaults.lease(),
                settings.number("notify.log_lines", defaults.logLines(), 0, 1000),
                settings.duration("notify.host_kept", defaults.hostKept()));
    }
}
