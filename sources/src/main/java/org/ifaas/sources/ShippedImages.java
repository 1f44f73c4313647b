package org.ifaas.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The image definitions that come with the product, as a repository. Where the product is a git checkout it is that;
 * where it was unpacked from an archive, the factory makes a repository of its own from the folder.
 */
public final class ShippedImages {
    public static final String NAME = "shipped";
    public static final String FOLDER = "images";

    /** Always the same, so that the same files give the same commit. */
    private static final Map<String, String> AUTHOR = Map.of(
            "GIT_AUTHOR_NAME", "Image Factory",
            "GIT_AUTHOR_EMAIL", "factory@localhost",
            "GIT_AUTHOR_DATE", "1767225600 +0000",
            "GIT_COMMITTER_NAME", "Image Factory",
            "GIT_COMMITTER_EMAIL", "factory@localhost",
            "GIT_COMMITTER_DATE", "1767225600 +0000");

    private ShippedImages() {}

    /**
     * @param product the folder that holds {@code images/}
     * @param folder of the factory's own, where a repository is made when one is needed
     */
    public static GitRepository in(Path product, Path folder, GitPolicy policy)
            throws IOException, InterruptedException {
        var git = new Git(folder, policy);
        var here = product.toAbsolutePath().normalize();
        return new GitRepository(
                NAME,
                isCheckout(git, here) ? here.toString() : made(git, here, folder),
                FOLDER,
                null,
                true,
                GitAccess.OPEN);
    }

    /** Not when the product was merely unpacked somewhere inside another repository. */
    private static boolean isCheckout(Git git, Path product) throws IOException, InterruptedException {
        return Files.exists(product.resolve(".git"))
                && git.run(List.of("-C", product.toString(), "rev-parse", "--verify", "--quiet", "HEAD:" + FOLDER))
                                .exit()
                        == 0;
    }

    private static String made(Git git, Path product, Path folder) throws IOException, InterruptedException {
        var repository = folder.toAbsolutePath().resolve(NAME + "-made.git");
        try (var lock = Git.alone(repository)) {
            if (!Files.exists(repository.resolve("HEAD"))) {
                git.read(
                        "init",
                        "--quiet",
                        "--bare",
                        "--template=",
                        "--initial-branch=main",
                        "--",
                        repository.toString());
            }
            Files.deleteIfExists(repository.resolve("index"));
            Files.deleteIfExists(repository.resolve("index.lock"));
            var at = "--git-dir=" + repository;
            git.read(at, "--work-tree=" + product, "-C", product.toString(), "add", "--force", "--all", "--", FOLDER);
            var tree = git.read(at, "write-tree");
            var commit = git.read(
                    List.of(at, "commit-tree", "--no-gpg-sign", "-m", "The images that come with the product", tree),
                    AUTHOR,
                    new byte[0]);
            git.read(at, "update-ref", "refs/heads/main", commit);
            return repository.toString();
        }
    }
}
