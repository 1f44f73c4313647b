package org.ifaas.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.notify.NotDelivered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailFolderTest {
    @TempDir
    Path home;

    private MailFolder mail() {
        return new MailFolder(home.resolve("mail"), "images@example.org", "2dd657");
    }

    @Test
    void aMailIsAFileThatAMailProgramOpensAndASecondTryReplacesIt() throws Exception {
        mail().tell(Samples.failed());
        mail().tell(Samples.failed());
        try (var files = Files.list(home.resolve("mail"))) {
            assertThat(files).singleElement().satisfies(file -> {
                assertThat(file.getFileName()).hasToString("failed-b9v8qs38-1.eml");
                assertThat(file).content().contains("To: owner@example.org", "Subject: [ifaas] debian-12 failed");
            });
        }
    }

    @Test
    void aKeyLeadsNowhereButIntoTheFolder() throws Exception {
        mail().tell(Samples.notice(
                new Event("../../../etc/x", EventKind.FIXED, "tiny", null, 0, Samples.AT, null), null));
        try (var files = Files.list(home.resolve("mail"))) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(file.getFileName()).hasToString("etc-x.eml"));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidAndTriedLater() throws Exception {
        Files.writeString(home.resolve("mail"), "a file");
        assertThatThrownBy(() -> mail().tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining(home.resolve("mail").toString());
    }
}
