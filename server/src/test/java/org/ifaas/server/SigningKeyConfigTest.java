package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyConfigTest {
    private static final String FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";

    @TempDir
    Path home;

    @Test
    void aKeyIsMadeOnFirstUseWhereNoneIsNamed() throws Exception {
        var key = signingKey("");

        assertThat(key.file()).isNull();
        assertThat(key.gpg()).isNull();
        assertThat(key.lifetime()).hasDays(730);
    }

    @Test
    void aKeyThatOnlyGpgCanReachIsNamedByItsFingerprint() throws Exception {
        var key = signingKey("signing_key:\n  gpg: \"" + FINGERPRINT + "\"\n  gpg_home: /srv/gnupg\n");

        assertThat(key.gpg()).isEqualTo(FINGERPRINT);
        assertThat(key.gpgHome()).isEqualTo(Path.of("/srv/gnupg"));
    }

    @Test
    void allThatIsWrongWithAKeyIsToldAtOnce() {
        assertThatThrownBy(() ->
                        signingKey("signing_key:\n  gpg: op@example.org\n  file: /srv/key.asc\n  lifetime: long\n"))
                .hasMessageContaining("signing_key.gpg: op@example.org is not a fingerprint")
                .hasMessageContaining("leave one of them out")
                .hasMessageContaining("signing_key.lifetime: long is not a duration");
    }

    private Config.SigningKey signingKey(String yaml) throws Exception {
        Files.writeString(home.resolve("ifaas.yaml"), yaml);
        return Config.read(new Config.Arguments(home, home, null, null, 0)).signingKey();
    }
}
