package org.ifaas.sources;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where git finds a repository, read so strictly that git can't understand it otherwise.
 *
 * @param protocol {@code file} for a folder on this machine
 * @param host in lower case; empty for a folder on this machine
 * @param withPassword whether it has a password in it
 */
record GitAddress(String protocol, String host, boolean withPassword) {
    static final String FILE = "file";

    private static final String HOST = "([A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+\\])";
    private static final Pattern FOLDER = Pattern.compile("(file://)?/\\P{Cntrl}*");
    private static final Pattern URL =
            Pattern.compile("(git|https?|ssh)://([A-Za-z0-9._~%+=-]+(:[^/@\\s\\\\\\p{Cntrl}]*)?@)?" + HOST
                    + "(:[0-9]{1,5})?/[^\\s\\p{Cntrl}]+");
    private static final Pattern SHORT_SSH =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*@" + HOST + ":[^\\s\\p{Cntrl}]+");

    static Optional<GitAddress> of(String url) {
        if (FOLDER.matcher(url).matches()) {
            return Optional.of(new GitAddress(FILE, "", false));
        }
        var matcher = URL.matcher(url);
        if (matcher.matches()) {
            return Optional.of(new GitAddress(matcher.group(1), plain(matcher.group(4)), matcher.group(3) != null));
        }
        var ssh = SHORT_SSH.matcher(url);
        return ssh.matches() ? Optional.of(new GitAddress("ssh", plain(ssh.group(1)), false)) : Optional.empty();
    }

    private static String plain(String host) {
        return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    }
}
