package org.ifaas.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.server.login.Grant;
import org.ifaas.server.login.LdapPolicy;
import org.ifaas.server.login.Role;
import org.jspecify.annotations.Nullable;

/** The settings of a directory of people. */
final class Ldap {
    private static final String GROUPS = "(|(member={dn})(uniqueMember={dn})(memberUid={name}))";

    private Ldap() {}

    /** Null where there is none. */
    static @Nullable LdapPolicy read(Settings settings) {
        var servers = servers(settings);
        var startTls = settings.flag("ldap.start_tls", true);
        var authorities = settings.textOrNull("ldap.ca_file");
        var bindDn = settings.textOrNull("ldap.bind_dn");
        var bindPassword = settings.textOrNull("ldap.bind_password_file");
        var peopleBase = settings.text("ldap.people.base", "");
        var peopleFilter = filter(settings, "ldap.people.filter", "(uid={name})", "{name}");
        var peopleName = settings.text("ldap.people.name", "uid");
        var peopleMail = settings.text("ldap.people.mail", "mail");
        var groupsBase = settings.text("ldap.groups.base", peopleBase);
        var groupsFilter = filter(settings, "ldap.groups.filter", GROUPS, "{dn}");
        var groupName = settings.text("ldap.groups.name", "cn");
        var roles = roles(settings);
        var timeout = settings.duration("ldap.timeout", Duration.ofSeconds(10));
        if (servers.isEmpty()) {
            return null;
        }
        if (peopleBase.isEmpty()) {
            settings.error(
                    "ldap.people.base", "nothing", "enough: say where people are, such as ou=people,dc=example,dc=org");
        }
        if (bindDn != null && bindPassword == null) {
            settings.error("ldap.bind_password_file", "nothing", "enough: ldap.bind_dn needs a password, in a file");
        }
        if (roles.isEmpty()) {
            settings.error(
                    "ldap.roles", "nothing", "enough: nobody could sign in; name groups for viewer, requester, …");
        }
        return new LdapPolicy(
                servers,
                startTls,
                Settings.path(authorities),
                bindDn,
                Settings.path(bindPassword),
                peopleBase,
                peopleFilter,
                peopleName,
                peopleMail,
                groupsBase,
                groupsFilter,
                groupName,
                roles,
                timeout);
    }

    private static List<URI> servers(Settings settings) {
        var servers = new ArrayList<URI>();
        for (var text : settings.texts("ldap.servers")) {
            try {
                var server = new URI(text);
                if (("ldap".equals(server.getScheme()) || "ldaps".equals(server.getScheme()))
                        && server.getHost() != null
                        && String.valueOf(server.getPath()).isEmpty()) {
                    servers.add(server);
                    continue;
                }
            } catch (URISyntaxException e) {
                // Told below, like one of another kind.
            }
            settings.error(
                    "ldap.servers", text, "an address such as ldaps://ldap.example.org or ldap://ldap.example.org:389");
        }
        return servers;
    }

    private static String filter(Settings settings, String name, String ifMissing, String placeholder) {
        var filter = settings.text(name, ifMissing);
        if (!filter.startsWith("(") || !filter.endsWith(")") || !filter.contains(placeholder)) {
            settings.error(
                    name, filter, "a filter in parentheses with " + placeholder + " in it, such as " + ifMissing);
        }
        return filter;
    }

    private static Map<Grant, Set<String>> roles(Settings settings) {
        var roles = new HashMap<Grant, Set<String>>();
        for (var role : Role.OF_PEOPLE) {
            var groups = settings.texts("ldap.roles." + role.slug());
            if (!groups.isEmpty()) {
                roles.put(Grant.ofAll(role), new TreeSet<>(groups));
            }
        }
        for (var entry : settings.entries("ldap.limited_roles", Set.of("group", "role", "images"))) {
            var group = entry.getOrDefault("group", "");
            var role = Role.named(entry.getOrDefault("role", "")).filter(Role.OF_PEOPLE::contains);
            var images = Arrays.stream(entry.getOrDefault("images", "").split(",", -1))
                    .map(String::strip)
                    .toList();
            if (group.isEmpty() || role.isEmpty() || !images.stream().allMatch(ImagePatterns::isGlob)) {
                settings.error(
                        "ldap.limited_roles",
                        entry,
                        "a group, its role (viewer, requester, …) and patterns of images such as web-*");
            } else {
                roles.computeIfAbsent(new Grant(role.get(), ImagePatterns.of(images)), grant -> new TreeSet<>())
                        .add(group);
            }
        }
        return roles;
    }
}
