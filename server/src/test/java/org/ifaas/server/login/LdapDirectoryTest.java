package org.ifaas.server.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.definition.ImagePatterns;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real slapd. */
@Tag("slow")
class LdapDirectoryTest {
    private static final Grant DEBIAN_OPERATOR = new Grant(Role.OPERATOR, new ImagePatterns(Set.of("debian-*")));

    private static final URI NOBODY = URI.create("ldap://localhost:1");

    @TempDir
    static Path folder;

    private static Slapd slapd;
    private static Path secret;

    @BeforeAll
    static void start() throws Exception {
        secret = Files.writeString(folder.resolve("secret"), "factory's own\n");
        slapd = new Slapd(folder);
    }

    @AfterAll
    static void stop() {
        slapd.close();
    }

    private static LdapDirectory directory(boolean startTls, @Nullable Path authorities, URI... servers)
            throws Exception {
        return directory(startTls, authorities, "(uid={name})", "(&(objectClass=groupOfNames)(member={dn}))", servers);
    }

    private static LdapDirectory directory(
            boolean startTls, @Nullable Path authorities, String people, String groups, URI... servers)
            throws Exception {
        return new LdapDirectory(new LdapPolicy(
                List.of(servers),
                startTls,
                authorities,
                "cn=factory,dc=example,dc=org",
                secret,
                "ou=people,dc=example,dc=org",
                people,
                "uid",
                "mail",
                "ou=groups,dc=example,dc=org",
                groups,
                "cn",
                Map.of(
                        Grant.ofAll(Role.REQUESTER),
                        Set.of("image team"),
                        Grant.ofAll(Role.PUBLISHER),
                        Set.of("Releases", "others"),
                        Grant.ofAll(Role.VIEWER),
                        Set.of("viewers"),
                        DEBIAN_OPERATOR,
                        Set.of("releases")),
                Duration.ofSeconds(20)));
    }

    private static LdapDirectory directory() throws Exception {
        return directory(false, slapd.certificatePem(), slapd.encrypted());
    }

    @Test
    void howeverSomebodyWritesTheirNameTheyAreTheSame() throws Exception {
        for (var name : new String[] {"ANNA", " anna ", "\uff41nna"}) {
            assertThat(directory().signIn(name, "anna's"))
                    .as(name)
                    .contains(new Account("anna", Set.of(Role.REQUESTER)));
        }
    }

    /** Whose members are names, compared as they are written. */
    @Test
    void theGroupsOfANameAreThoseOfThePersonWhoWasFoundHoweverTheyWroteIt() throws Exception {
        var directory = directory(
                false,
                slapd.certificatePem(),
                "(|(uid={name})(cn={name}))",
                "(|(member={dn})(memberUid={name}))",
                slapd.encrypted());
        for (var name : new String[] {"anna", "ANNA", " anna "}) {
            assertThat(directory.signIn(name, "anna's"))
                    .as(name)
                    .contains(new Account("anna", Set.of(Role.REQUESTER, Role.VIEWER)));
        }
        assertThat(directory.signIn("dora", "carl's")).isEmpty();
    }

    @Test
    void thePasswordLetsInAndTheGroupsGiveTheRoles() throws Exception {
        assertThat(directory().signIn("anna", "anna's")).contains(new Account("anna", Set.of(Role.REQUESTER)));
        assertThat(directory().signIn("bert", "bert's"))
                .contains(new Account(
                        "bert",
                        Set.of(Grant.ofAll(Role.REQUESTER), Grant.ofAll(Role.PUBLISHER), DEBIAN_OPERATOR),
                        null,
                        null,
                        Set.of("bert.b@example.org", "bb@example.net")));
    }

    @Test
    void whoeverHasNoneOfTheRolesIsNotLetIn() throws Exception {
        assertThat(directory().signIn("carl", "carl's")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "wrong", "bert's"})
    void anyOtherPasswordDoesNot(String password) throws Exception {
        assertThat(directory().signIn("anna", password)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "an*", "anna)(uid=*", "*)(|(uid=*", "anna,ou=people", "ann\0a", "dora", "\\2a"})
    void aNameIsNoFilter(String name) throws Exception {
        assertThat(directory().signIn(name, "anna's")).isEmpty();
    }

    @Test
    void aPlainConnectionIsEncryptedFirst() throws Exception {
        assertThat(directory(true, slapd.certificatePem(), slapd.plain()).signIn("anna", "anna's"))
                .isPresent();
    }

    @Test
    void aServerWhoseCertificateNobodyVouchesForIsNotSpokenTo() throws Exception {
        for (var directory : List.of(directory(false, null, slapd.encrypted()), directory(true, null, slapd.plain()))) {
            assertThatThrownBy(() -> directory.signIn("anna", "anna's")).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void theNextServerIsAskedWhenOneDoesNotAnswer() throws Exception {
        assertThat(directory(false, slapd.certificatePem(), NOBODY, slapd.encrypted())
                        .signIn("anna", "anna's"))
                .isPresent();
    }

    @Test
    void aDirectoryThatIsAwayIsSaidToBeAndIsAskedAgainWhenItIsBack() throws Exception {
        var directory = directory();
        slapd.close();
        try {
            assertThatThrownBy(() -> directory.signIn("anna", "anna's"))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("no server of the directory answers");
        } finally {
            slapd.start();
        }
        assertThat(directory.signIn("anna", "anna's")).isPresent();
    }
}
