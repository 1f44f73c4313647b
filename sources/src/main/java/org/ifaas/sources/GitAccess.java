package org.ifaas.sources;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * With what the factory is let in to a repository.
 *
 * @param key a deploy key for ssh: the file of a private key without a passphrase; null for other protocols
 * @param token file whose first line is a token for https; null where everybody may read
 * @param tokenUser whose token it is: most servers don't mind
 */
public record GitAccess(@Nullable Path key, @Nullable Path token, String tokenUser) {
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._+@=/-]+");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._+@-]{1,100}");

    /** What everybody may read. */
    public static final GitAccess OPEN = new GitAccess(null, null, "git");

    /** @throws IllegalArgumentException with a text for the operator */
    public GitAccess {
        demandPlain("key_file", key);
        demandPlain("token_file", token);
        GitRepository.demand(
                USER.matcher(tokenUser).matches(), "token_user", tokenUser, "letters, digits and any of . _ + @ -");
    }

    /** Such a path means the same to git, ssh and the shell between them. */
    private static void demandPlain(String field, @Nullable Path file) {
        GitRepository.demand(
                isPlain(file),
                field,
                String.valueOf(file),
                "an absolute path of letters, digits and any of . _ + @ = -");
    }

    static boolean isPlain(@Nullable Path file) {
        return file == null || PATH.matcher(file.toString()).matches();
    }
}
