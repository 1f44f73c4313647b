package org.ifaas.server.login;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where people are looked up, and which of their groups gives which role.
 *
 * @param servers {@code ldap://} or {@code ldaps://}, asked in turn until one answers
 * @param startTls whether a plain connection is encrypted before anything is said on it
 * @param authorities certificates to trust, in PEM; null for those of the JDK
 * @param bindDn who searches; null for anonymous searches
 * @param bindPasswordFile its first line is the password; null without {@code bindDn}
 * @param peopleBase where people are searched
 * @param peopleFilter with {@code {name}} where the name belongs that somebody signs in with
 * @param peopleName attribute that names a person, however they have written their name
 * @param peopleMail attribute with a person's mail addresses
 * @param groupsBase where groups are searched
 * @param groupsFilter with {@code {dn}}, and {@code {name}}, where the person's belong
 * @param groupName attribute that names a group
 * @param roles the names of the groups that give each role, for all images or for some
 * @param timeout for connecting, and for each answer
 */
public record LdapPolicy(
        List<URI> servers,
        boolean startTls,
        @Nullable Path authorities,
        @Nullable String bindDn,
        @Nullable Path bindPasswordFile,
        String peopleBase,
        String peopleFilter,
        String peopleName,
        String peopleMail,
        String groupsBase,
        String groupsFilter,
        String groupName,
        Map<Grant, Set<String>> roles,
        Duration timeout) {}
