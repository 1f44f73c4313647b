package org.ifaas.sources;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository of image definitions.
 *
 * @param name what people call it: lower-case letters, digits and hyphens
 * @param url anything git fetches from by file, git, http, https or ssh; a folder on this machine is fine
 * @param path the folder inside it that holds the definitions' folders; empty for its root
 * @param ref branch, tag or commit that is built when nobody says otherwise; null for its HEAD
 * @param trusted whether it is on the operator's allow-list: only trusted definitions may use the container host
 */
public record GitRepository(
        String name, String url, String path, @Nullable String ref, boolean trusted) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");
    private static final Pattern URL = Pattern.compile(
            "/\\P{Cntrl}*|(file|git|https?|ssh)://\\P{Cntrl}+|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:\\P{Cntrl}+");
    private static final Pattern PATH =
            Pattern.compile("([A-Za-z0-9_][A-Za-z0-9._+-]*(/[A-Za-z0-9_][A-Za-z0-9._+-]*)*)?");

    /** @throws IllegalArgumentException with a text for the operator */
    public GitRepository {
        demand(NAME.matcher(name).matches(), "name", name, "lower-case letters, digits and hyphens");
        demand(
                URL.matcher(url).matches() && !url.contains("::"),
                "url",
                url,
                "an absolute path, a URL of file, git, http, https or ssh, or user@host:path");
        demand(PATH.matcher(path).matches(), "path", path, "a relative path without . or ..");
        demand(ref == null || GitRef.sound(ref), "ref", String.valueOf(ref), "a branch, tag or commit");
    }

    private static void demand(boolean fulfilled, String field, String value, String expected) {
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
