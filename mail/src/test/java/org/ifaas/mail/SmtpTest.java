package org.ifaas.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.notify.NotDelivered;
import org.ifaas.mail.SmtpServer.Security;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmtpTest {
    @TempDir
    static Path keys;

    @TempDir
    Path folder;

    private @Nullable GreenMail server;

    /** A server whose certificate is for localhost, and known to nobody. */
    @BeforeAll
    static void makeKey() throws Exception {
        keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-validity", "9");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-file",
                keys.resolve("ca.pem").toString());
        System.setProperty(
                "greenmail.tls.keystore.file", keys.resolve("server.p12").toString());
        System.setProperty("greenmail.tls.keystore.password", "changeit");
    }

    private static void keytool(String... arguments) throws Exception {
        var words = new ArrayList<>(Arrays.asList(arguments));
        words.addFirst(System.getProperty("java.home") + "/bin/keytool");
        words.addAll(List.of("-keystore", keys.resolve("server.p12").toString(), "-storepass", "changeit"));
        if (words.contains("-genkeypair")) {
            words.addAll(List.of("-ext", "san=dns:localhost,ip:127.0.0.1"));
        }
        var program = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
    }

    private GreenMail start(String protocol) {
        var started = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
        started.start();
        server = started;
        return started;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
        }
    }

    private Smtp smtp(int port, Security security, @Nullable String password, @Nullable Path ca) throws Exception {
        var file = password == null ? null : Files.writeString(folder.resolve("password"), password + "\nmore\n");
        return new Smtp(
                new SmtpServer(
                        "localhost",
                        port,
                        security,
                        password == null ? null : "ifaas",
                        file,
                        ca,
                        Duration.ofSeconds(20)),
                "images@example.org",
                "2dd657");
    }

    @Test
    void aMailArrivesWithItsFixedMessageId() throws Exception {
        var greenMail = start("smtp");
        smtp(greenMail.getSmtp().getPort(), Security.NONE, null, null).tell(Samples.failed());
        var received = greenMail.getReceivedMessages();
        assertThat(received).hasSize(2);
        for (var mail : received) {
            assertThat(mail.getHeader("Message-ID")).containsExactly("<ifaas.2dd657.failed.b9v8qs38.1@example.org>");
            assertThat(mail.getSubject()).isEqualTo("[ifaas] debian-12 failed in Test image");
        }
    }

    @Test
    void aServerThatIsAwayIsTriedLaterAndTakesTheMailWhenItIsBack() throws Exception {
        var greenMail = start("smtp");
        int port = greenMail.getSmtp().getPort();
        var smtp = smtp(port, Security.NONE, null, null);
        greenMail.stop();
        assertThatThrownBy(() -> smtp.tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining("localhost:" + port);
        var back = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
        back.start();
        server = back;
        smtp.tell(Samples.failed());
        assertThat(back.getReceivedMessages()).isNotEmpty();
    }

    @Test
    void whoIsToBeTriedLaterIsNamedAndThenTheOnlyOneWhoGetsIt() throws Exception {
        try (var picky = new PickySmtpServer()) {
            picky.answers.put("owner@example.org", "451 greylisted");
            var smtp = smtp(picky.port(), Security.NONE, null, null);
            assertThatThrownBy(() -> smtp.tell(Samples.failed()))
                    .isInstanceOf(NotDelivered.class)
                    .hasMessageContaining("does not take the mail for [owner@example.org] now")
                    .hasMessageContaining("451 greylisted");
            picky.answers.clear();
            smtp.tell(Samples.failed(), List.of("owner@example.org"));
            assertThat(picky.taken).containsExactly(List.of("team@example.org"), List.of("owner@example.org"));
        }
    }

    @Test
    void whoIsRefusedForGoodDoesNotKeepTheOthersFromHearingOnce() throws Exception {
        try (var picky = new PickySmtpServer()) {
            picky.answers.put("team@example.org", "550 no such user");
            smtp(picky.port(), Security.NONE, null, null).tell(Samples.failed());
            assertThat(picky.taken).containsExactly(List.of("owner@example.org"));
        }
    }

    @Test
    void theLinkBecomesEncryptedAndTheLoginIsMadeOverIt() throws Exception {
        var greenMail = start("smtps");
        greenMail.setUser("ifaas", "secret");
        smtp(greenMail.getSmtps().getPort(), Security.TLS, "secret", keys.resolve("ca.pem"))
                .tell(Samples.failed());
        assertThat(greenMail.getReceivedMessages()).isNotEmpty();
    }

    @Test
    void aServerWhoseCertificateNobodyKnowsGetsNothing() throws Exception {
        var greenMail = start("smtps");
        var smtp = smtp(greenMail.getSmtps().getPort(), Security.TLS, null, null);
        assertThatThrownBy(() -> smtp.tell(Samples.failed())).isInstanceOf(NotDelivered.class);
        assertThat(greenMail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatDoesNotOfferToEncryptGetsNothingWhereThatIsDemanded() throws Exception {
        var greenMail = start("smtp");
        var smtp = smtp(greenMail.getSmtp().getPort(), Security.STARTTLS, "secret", null);
        assertThatThrownBy(() -> smtp.tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining("STARTTLS");
        assertThat(greenMail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aWrongPasswordNamesTheSettings() throws Exception {
        var greenMail = start("smtps");
        greenMail.setUser("ifaas", "another");
        var smtp = smtp(greenMail.getSmtps().getPort(), Security.TLS, "secret", keys.resolve("ca.pem"));
        assertThatThrownBy(() -> smtp.tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining("mail.smtp.password_file")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aPasswordFileThatIsGoneIsNamed() throws Exception {
        var greenMail = start("smtp");
        var smtp = smtp(greenMail.getSmtp().getPort(), Security.NONE, "secret", null);
        Files.delete(folder.resolve("password"));
        assertThatThrownBy(() -> smtp.tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining(folder.resolve("password").toString());
    }

    @Test
    void aSenderThatIsNoAddressSendsNothing() {
        var greenMail = start("smtp");
        var server = new SmtpServer(
                "localhost", greenMail.getSmtp().getPort(), Security.NONE, null, null, null, Duration.ofSeconds(20));
        assertThatThrownBy(
                        () -> new Smtp(server, "a@example.org\r\nBcc: v@example.org", "2dd657").tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class);
        assertThat(greenMail.getReceivedMessages()).isEmpty();
    }
}
