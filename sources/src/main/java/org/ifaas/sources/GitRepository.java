package org.ifaas.sources;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository of image definitions.
 *
 * @param name what people call it: lower-case letters, digits and hyphens
 * @param url anything git fetches from by git, http, https or ssh; a folder on this machine is fine
 * @param path the folder inside it that holds the definitions' folders; empty for its root
 * @param ref branch, tag or commit that is built when nobody says otherwise; null for its HEAD
 * @param trusted whether it is on the operator's allow-list: only trusted definitions may use the container host
 * @param access with what the factory is let in
 */
public record GitRepository(
        String name, String url, String path, @Nullable String ref, boolean trusted, GitAccess access) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");
    private static final Pattern PATH =
            Pattern.compile("([A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*)?");

    /** @throws IllegalArgumentException with a text for the operator */
    public GitRepository {
        demand(NAME.matcher(name).matches(), "name", name, "lower-case letters, digits and hyphens");
        var address = GitAddress.of(url).filter(found -> !url.contains("::"));
        demand(
                address.isPresent(),
                "url",
                Git.redacted(url),
                "an absolute path, a URL of git, http, https or ssh, or user@host:path");
        var protocol = address.orElseThrow().protocol();
        demand(
                !trusted || !Set.of("git", "http").contains(protocol),
                "url",
                Git.redacted(url),
                "one of https or ssh where it is trusted, for anybody on the way can change what comes by " + protocol);
        demand(
                protocol.equals("ssh") == (access.key() != null),
                "key_file",
                String.valueOf(access.key()),
                "the file of a deploy key for an address of ssh, and missing for others");
        demand(
                access.token() == null
                        || protocol.equals("https") && !address.orElseThrow().withPassword(),
                "token_file",
                String.valueOf(access.token()),
                "missing, but for an address of https without a password in it");
        demand(PATH.matcher(path).matches(), "path", path, "a relative path without . or ..");
        demand(ref == null || GitRef.sound(ref), "ref", String.valueOf(ref), "a branch, tag or commit");
    }

    GitAddress address() {
        return GitAddress.of(url).orElseThrow();
    }

    static void demand(boolean fulfilled, String field, String value, String expected) {
        if (!fulfilled) {
            throw new IllegalArgumentException("the " + field + " of a repository is “" + Problem.shown(value)
                    + "”, which is not allowed there. It has to be: " + expected + ".");
        }
    }

    /** The definition's folder inside the repository. */
    String folder(String image) {
        return path.isEmpty() ? image : path + "/" + image;
    }
}
