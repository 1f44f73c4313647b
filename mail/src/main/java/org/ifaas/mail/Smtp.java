package org.ifaas.mail;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.notify.NotDelivered;
import org.ifaas.factory.notify.Notice;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mail by SMTP. */
public final class Smtp implements Channel {
    private static final Logger LOG = LoggerFactory.getLogger(Smtp.class);

    private final SmtpServer server;
    private final String from;
    private final String factoryId;

    public Smtp(SmtpServer server, String from, String factoryId) {
        this.server = server;
        this.from = from;
        this.factoryId = factoryId;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public boolean takes(Notice notice) {
        return notice.isAddressed();
    }

    @Override
    public void tell(Notice notice) throws NotDelivered {
        tell(notice, address -> true);
    }

    /** The same letter, in which all stand: who has it by now is left out of the envelope. */
    @Override
    public void tell(Notice notice, List<String> rest) throws NotDelivered {
        tell(notice, rest::contains);
    }

    private void tell(Notice notice, Predicate<String> to) throws NotDelivered {
        try {
            var session = session();
            var letter = Letter.of(session, from, factoryId, notice);
            if (letter.getAllRecipients() == null) {
                throw new NotDelivered("none of its addresses is one: correct the owner in image.yaml");
            }
            var recipients = Arrays.stream(letter.getAllRecipients())
                    .filter(address -> to.test(text(address)))
                    .toArray(Address[]::new);
            try (var transport = session.getTransport()) {
                transport.connect(server.user(), password());
                transport.sendMessage(letter, recipients);
            }
        } catch (SendFailedException e) {
            taken(notice, e);
        } catch (AuthenticationFailedException e) {
            throw new NotDelivered(
                    server + " refuses the login of " + server.user()
                            + ": check mail.smtp.user and mail.smtp.password_file",
                    e);
        } catch (MessagingException e) {
            throw new NotDelivered(server + " does not take the mail: " + reason(e), e);
        } catch (IOException e) {
            throw new NotDelivered("mail.smtp can't be used: " + e.getMessage(), e);
        }
    }

    /** Whoever could be reached has it: to send it again would send it to them twice. */
    private void taken(Notice notice, SendFailedException e) throws NotDelivered {
        if (texts(e.getValidSentAddresses()).isEmpty()) {
            throw new NotDelivered(server + " takes the mail for nobody: " + reason(e), e);
        }
        var refused = texts(e.getInvalidAddresses());
        if (!refused.isEmpty()) {
            LOG.warn("{}: {} does not take the mail for {}: {}", notice.event().key(), server, refused, reason(e));
        }
        var later = texts(e.getValidUnsentAddresses());
        if (!later.isEmpty()) {
            throw new NotDelivered(server + " does not take the mail for " + later + " now: " + reason(e), later, e);
        }
    }

    private static List<String> texts(Address @Nullable [] addresses) {
        return addresses == null
                ? List.of()
                : Arrays.stream(addresses).map(Smtp::text).toList();
    }

    private static String text(Address address) {
        return address instanceof InternetAddress internet ? internet.getAddress() : address.toString();
    }

    private static String reason(MessagingException e) {
        var next = e.getNextException();
        var reason = next == null ? e.getMessage() : e.getMessage() + ": " + next.getMessage();
        return Plain.line(String.valueOf(reason));
    }

    private @Nullable String password() throws IOException {
        var file = server.passwordFile();
        if (file == null) {
            return null;
        }
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        }
    }

    private Session session() throws IOException {
        var patience = Long.toString(server.patience().toMillis());
        var properties = new Properties();
        properties.put("mail.transport.protocol", "smtp");
        properties.put("mail.smtp.host", server.host());
        properties.put("mail.smtp.port", Integer.toString(server.port()));
        properties.put("mail.smtp.auth", Boolean.toString(server.user() != null));
        properties.put("mail.smtp.sendpartial", "true");
        properties.put("mail.smtp.connectiontimeout", patience);
        properties.put("mail.smtp.timeout", patience);
        properties.put("mail.smtp.writetimeout", patience);
        properties.put("mail.smtp.localhost", "ifaas");
        if (server.security() != SmtpServer.Security.NONE) {
            boolean early = server.security() == SmtpServer.Security.TLS;
            properties.put("mail.smtp.ssl.enable", Boolean.toString(early));
            properties.put("mail.smtp.starttls.enable", Boolean.toString(!early));
            properties.put("mail.smtp.starttls.required", Boolean.toString(!early));
            properties.put("mail.smtp.ssl.checkserveridentity", "true");
            properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
            if (server.caFile() != null) {
                properties.put("mail.smtp.ssl.socketFactory", Trust.in(server.caFile()));
            }
        }
        return Session.getInstance(properties);
    }
}
