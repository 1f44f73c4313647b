package org.ifaas.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.notify.Notice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterTest {
    private static final Session SESSION = Session.getInstance(new Properties());

    /** As it is read at the other end. */
    private static MimeMessage sent(Notice notice) throws Exception {
        var bytes = new ByteArrayOutputStream();
        Letter.of(SESSION, "images@example.org", "2dd657", notice).writeTo(bytes);
        return new MimeMessage(SESSION, new ByteArrayInputStream(bytes.toByteArray()));
    }

    private static String part(MimeMessage message, int number) throws Exception {
        return (String)
                ((MimeMultipart) message.getContent()).getBodyPart(number).getContent();
    }

    @Test
    void theSameNoticeIsTheSameMailWithOneMessageId() throws Exception {
        var once = sent(Samples.failed());
        var again = sent(Samples.failed());
        assertThat(once.getMessageID())
                .isEqualTo("<ifaas.2dd657.failed.b9v8qs38.1@example.org>")
                .isEqualTo(again.getMessageID());
        assertThat(once.getSentDate()).isEqualTo(Samples.AT).isEqualTo(again.getSentDate());
    }

    @Test
    void itGoesToTheOwnerWithTheTeamInCopyAndAsksForNoAnswerByMachines() throws Exception {
        var mail = sent(Samples.failed());
        assertThat(mail.getRecipients(RecipientType.TO)).containsExactly(new InternetAddress("owner@example.org"));
        assertThat(mail.getRecipients(RecipientType.CC)).containsExactly(new InternetAddress("team@example.org"));
        assertThat(mail.getSubject()).isEqualTo("[ifaas] debian-12 failed in Test image");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    }

    @Test
    void bothPartsSayTheStageWhoIsToBlameTheMendTheLogsEndAndWhereToLook() throws Exception {
        var mail = sent(Samples.failed());
        for (int number : List.of(0, 1)) {
            assertThat(part(mail, number))
                    .contains(
                            "9 Test image",
                            "the image definition",
                            "the image has no kernel",
                            "Add one.",
                            "no kernel: ä",
                            "https://images.example.org/builds/b9v8qs38",
                            "ifaas show b9v8qs38");
        }
        assertThat(mail.getContentType()).startsWith("multipart/alternative");
    }

    @ParameterizedTest
    @EnumSource(EventKind.class)
    void everyKindOfEventHasASubjectAndBothParts(EventKind kind) throws Exception {
        var event = new Event("key/1", kind, "debian-12", Samples.BUILD, 0, Samples.AT, null);
        var mail = sent(new Notice(
                event, List.of("a@b.example"), List.of(), "s1", null, "bea", null, null, List.of(), null, List.of()));
        assertThat(mail.getSubject()).contains("debian-12");
        assertThat(part(mail, 0)).contains("debian-12");
        assertThat(part(mail, 1)).contains("</h1>").doesNotContain("null");
    }

    @Test
    void markupInALogOrMessageStaysText() throws Exception {
        var evil = "</pre><script>alert('x')</script><img src=x onerror=\"y\">&amp;";
        var html = part(sent(Samples.failed("<i>tiny", evil, List.of(evil))), 1);
        assertThat(html)
                .doesNotContain("<script", "<img", "<i>", "</pre><")
                .contains("&lt;/pre&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", "&amp;amp;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nBcc: victim@example.org",
                "x\nBcc: victim@example.org",
                "x\r\n\r\nbody",
                "x\u2028Bcc: victim@example.org",
                "x\u0000\u001b[31m\u202e"
            })
    void noTextBecomesAHeader(String evil) throws Exception {
        var mail = sent(Samples.failed(evil, evil, List.of(evil)));
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSubject()).startsWith("[ifaas] x").doesNotContain("\n", "\r", "\u001b", "\u202e");
        assertThat(Collections.list(mail.getAllHeaders())).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.org\r\nBcc: v@example.org",
                "a@example.org, v@example.org",
                "group: a@example.org, v@example.org;",
                "nobody",
                "<script>@example.org",
                "a@example.org\u0000"
            })
    void whatIsNotOneAddressIsRefused(String text) {
        assertThatThrownBy(() -> Letter.address(text)).isInstanceOf(AddressException.class);
    }

    @Test
    void anAddressNeedsNoDotInItsDomain() throws Exception {
        assertThat(Letter.address("image-factory@localhost")).hasToString("image-factory@localhost");
    }

    @Test
    void anAddressThatIsNoneDoesNotKeepTheMailFromTheOthers() throws Exception {
        var notice = new Notice(
                Samples.failed().event(),
                List.of("owner@example.org", "a@b\r\nBcc: v@example.org"),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                List.of());
        assertThat(sent(notice).getAllRecipients()).containsExactly(new InternetAddress("owner@example.org"));
    }

    @Test
    void aMessageIdHoldsNothingOfAKeyButLettersAndDots() throws Exception {
        var event = new Event("k/<a>@b \r\n/1", EventKind.FIXED, "tiny", null, 0, Samples.AT, null);
        assertThat(sent(new Notice(
                                event,
                                List.of("a@b.example"),
                                List.of(),
                                null,
                                null,
                                null,
                                null,
                                null,
                                List.of(),
                                null,
                                List.of()))
                        .getMessageID())
                .isEqualTo("<ifaas.2dd657.k.a.b.1@example.org>");
    }
}
