package org.ifaas.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.notify.NotDelivered;
import org.ifaas.factory.notify.Notice;

/** Mail where no server is configured: a file for each, which any mail program opens. */
public final class MailFolder implements Channel {
    private final Path folder;
    private final String from;
    private final String factoryId;

    /** @param folder made when the first mail comes */
    public MailFolder(Path folder, String from, String factoryId) {
        this.folder = folder;
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

    /** Replaces the file of an earlier try. */
    @Override
    public void tell(Notice notice) throws NotDelivered {
        var name = notice.event().key().replaceAll("[^A-Za-z0-9.-]+", "-").replaceAll("^[.-]+", "");
        var file = folder.resolve(name + ".eml");
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var part = folder.resolve("." + name + ".part");
            try (var out = Files.newOutputStream(part)) {
                Letter.of(Session.getInstance(new Properties()), from, factoryId, notice)
                        .writeTo(out);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | MessagingException e) {
            throw new NotDelivered(file + " can't be written: " + e.getMessage(), e);
        }
    }
}
