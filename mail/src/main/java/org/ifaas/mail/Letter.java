package org.ifaas.mail;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.ifaas.factory.notify.Notice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A notice as a mail. The same notice is always the same mail, with one Message-ID, so that a second one is known as such. */
final class Letter extends MimeMessage {
    private static final Logger LOG = LoggerFactory.getLogger(Letter.class);

    private final String id;

    private Letter(Session session, String id) {
        super(session);
        this.id = id;
    }

    /**
     * @param factoryId tells this factory's mails from another's
     * @throws MessagingException when the mail can't be made; it is the same the next time
     */
    static Letter of(Session session, String sender, String factoryId, Notice notice) throws MessagingException {
        var from = address(sender);
        var event = notice.event();
        var domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
        var letter = new Letter(
                session,
                "<ifaas." + factoryId + "." + event.key().replaceAll("[^A-Za-z0-9-]+", ".") + "@" + domain + ">");
        letter.setFrom(from);
        letter.setRecipients(RecipientType.TO, addresses(notice.to()));
        letter.setRecipients(RecipientType.CC, addresses(notice.copyTo()));
        letter.setSubject("[ifaas] " + Plain.line(notice.title()), StandardCharsets.UTF_8.name());
        letter.setSentDate(Date.from(event.at()));
        letter.setHeader("Auto-Submitted", "auto-generated");
        letter.setHeader("X-Ifaas-Event", event.kind().slug());
        var parts = new MimeMultipart("alternative");
        parts.addBodyPart(part(PlainText.of(notice), "plain"));
        parts.addBodyPart(part(Html.of(notice), "html"));
        letter.setContent(parts);
        letter.saveChanges();
        return letter;
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    /** One that is no address is left out: the others are to hear of it. */
    private static InternetAddress[] addresses(List<String> texts) {
        var addresses = new ArrayList<InternetAddress>();
        for (var text : texts) {
            try {
                addresses.add(address(text));
            } catch (AddressException e) {
                LOG.warn("{} is no mail address: {}", Plain.line(text), e.getMessage());
            }
        }
        return addresses.toArray(InternetAddress[]::new);
    }

    /** A single address and nothing else, whatever the text says. */
    static InternetAddress address(String text) throws AddressException {
        if (!text.equals(Plain.line(text))) {
            throw new AddressException("has characters that nobody sees", Plain.line(text));
        }
        var address = new InternetAddress(text, true);
        address.validate();
        if (address.isGroup()) {
            throw new AddressException("is a group", text);
        }
        return address;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }
}
