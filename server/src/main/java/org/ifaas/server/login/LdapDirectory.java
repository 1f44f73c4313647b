package org.ifaas.server.login;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People of an LDAP directory (RFC 4511): found by their name, let in by a bind as themselves, with the roles that their groups
 * give. Whoever has none of the roles is not let in, nor anybody by a name of the factory's own.
 */
public final class LdapDirectory implements Accounts {
    private static final Logger LOG = LoggerFactory.getLogger(LdapDirectory.class);
    /** More than one entry for a name is as bad as none. */
    private static final int TWO = 2;

    private static final int MOST_GROUPS = 1000;

    private final LdapPolicy policy;
    private final SSLContext tls;

    /** @throws IOException when the certificates to trust can't be read */
    public LdapDirectory(LdapPolicy policy) throws IOException {
        this.policy = policy;
        this.tls = context(policy);
    }

    @Override
    public Optional<Account> signIn(String name, String password) {
        // A bind with an empty password is an anonymous one, and succeeds (RFC 4513, 5.1.2).
        if (name.isBlank() || password.isEmpty() || LoginName.isTheFactorys(name)) {
            return Optional.empty();
        }
        LDAPException last = null;
        for (var server : policy.servers()) {
            try {
                return signIn(server, name, password);
            } catch (LDAPException e) {
                if (!unreachable(e)) {
                    throw new Unavailable("the directory " + server + " refuses to answer: " + said(e), e);
                }
                LOG.warn("directory {}: {}", server, said(e));
                last = e;
            } catch (IOException e) {
                throw new Unavailable("login.ldap.bind_password_file can't be read: " + e.getMessage(), e);
            }
        }
        throw new Unavailable("no server of the directory answers" + (last == null ? "" : ": " + said(last)), last);
    }

    private Optional<Account> signIn(URI server, String name, String password) throws LDAPException, IOException {
        try (var searching = connected(server)) {
            if (policy.bindDn() != null) {
                searching.bind(policy.bindDn(), bindPassword());
            }
            var person = person(searching, name);
            var dn = person.filter(found -> !LoginName.isTheFactorys(known(found)))
                    .map(SearchResultEntry::getDN);
            // Also for a name that nobody has, so that it takes as long as one that somebody has.
            if (!isPasswordOf(server, dn.orElse("cn=nobody," + policy.peopleBase()), password) || dn.isEmpty()) {
                return Optional.empty();
            }
            var known = known(person.orElseThrow());
            var grants = grants(groups(searching, dn.get(), known));
            if (grants.isEmpty()) {
                LOG.info("{} is in the directory and in no group that gives a role", dn.get());
                return Optional.empty();
            }
            return Optional.of(new Account(known, grants, null, null, addresses(person.get())));
        }
    }

    private Optional<SearchResultEntry> person(LDAPConnection connection, String name) throws LDAPException {
        var filter = Filter.create(policy.peopleFilter().replace("{name}", Filter.encodeValue(name)));
        var found = search(connection, policy.peopleBase(), filter, TWO, policy.peopleName(), policy.peopleMail());
        if (found.size() > 1) {
            LOG.warn("{} finds more than one entry: nobody is let in by that name", filter);
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /**
     * A directory takes many ways to write a name for the same (RFC 4518: case, spaces, width); by what was typed, one
     * could ask as one person and approve as another, or have the roles of one whose name is an attribute that one may write.
     */
    private String known(SearchResultEntry person) {
        return Objects.requireNonNullElse(person.getAttributeValue(policy.peopleName()), person.getDN());
    }

    private Set<String> addresses(SearchResultEntry person) {
        var values = person.getAttributeValues(policy.peopleMail());
        return values == null
                ? Set.of()
                : Stream.of(values)
                        .map(value -> value.strip().toLowerCase(Locale.ROOT))
                        .filter(value -> value.contains("@") && value.lines().count() == 1)
                        .collect(Collectors.toSet());
    }

    /** On a connection of its own: the one that searches stays whoever it is. */
    private boolean isPasswordOf(URI server, String dn, String password) throws LDAPException {
        try (var connection = connected(server)) {
            return connection.bind(dn, password).getResultCode() == ResultCode.SUCCESS;
        } catch (LDAPException e) {
            if (unreachable(e)) {
                throw e;
            }
            return false; // a wrong password, an account that is locked or whose password has expired
        }
    }

    private Set<String> groups(LDAPConnection connection, String dn, String name) throws LDAPException {
        var filter = Filter.create(policy.groupsFilter()
                .replace("{dn}", Filter.encodeValue(dn))
                .replace("{name}", Filter.encodeValue(name)));
        return search(connection, policy.groupsBase(), filter, MOST_GROUPS, policy.groupName()).stream()
                .flatMap(group -> Optional.ofNullable(group.getAttributeValue(policy.groupName())).stream())
                .map(group -> group.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<Grant> grants(Set<String> groups) {
        var grants = new HashSet<Grant>();
        policy.roles().forEach((grant, names) -> {
            if (names.stream().anyMatch(name -> groups.contains(name.toLowerCase(Locale.ROOT)))) {
                grants.add(grant);
            }
        });
        return grants;
    }

    private List<SearchResultEntry> search(
            LDAPConnection connection, String base, Filter filter, int most, String... attributes)
            throws LDAPException {
        var request = new SearchRequest(base, SearchScope.SUB, filter, attributes);
        request.setSizeLimit(most);
        return connection.search(request).getSearchEntries();
    }

    private LDAPConnection connected(URI server) throws LDAPException {
        var options = new LDAPConnectionOptions();
        int millis = Math.toIntExact(policy.timeout().toMillis());
        options.setConnectTimeoutMillis(millis);
        options.setResponseTimeoutMillis(millis);
        options.setFollowReferrals(false);
        options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
        boolean encrypted = "ldaps".equals(server.getScheme());
        int port = server.getPort() >= 0 ? server.getPort() : encrypted ? 636 : 389;
        if (encrypted) {
            return new LDAPConnection(tls.getSocketFactory(), options, server.getHost(), port);
        }
        var connection = new LDAPConnection(options, server.getHost(), port);
        if (policy.startTls()) {
            try {
                var answer = connection.processExtendedOperation(new StartTLSExtendedRequest(tls));
                if (answer.getResultCode() != ResultCode.SUCCESS) {
                    throw new LDAPException(
                            ResultCode.CONNECT_ERROR, "it does not encrypt: " + answer.getDiagnosticMessage());
                }
            } catch (LDAPException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    private String bindPassword() throws IOException {
        var file = policy.bindPasswordFile();
        return file == null ? "" : Files.readString(file).lines().findFirst().orElse("");
    }

    private static SSLContext context(LdapPolicy policy) throws IOException {
        try {
            var authorities = policy.authorities();
            return authorities == null
                    ? SSLContext.getDefault()
                    : new SSLUtil(new PEMFileTrustManager(authorities.toFile())).createSSLContext();
        } catch (GeneralSecurityException e) {
            throw new IOException("login.ldap.authorities can't be used: " + e.getMessage(), e);
        }
    }

    private static boolean unreachable(LDAPException e) {
        return !e.getResultCode().isConnectionUsable()
                || e.getResultCode() == ResultCode.CONNECT_ERROR
                || e.getResultCode() == ResultCode.TIMEOUT;
    }

    /** The innermost cause: those around it say no more, at length. */
    private static String said(LDAPException e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }
}
