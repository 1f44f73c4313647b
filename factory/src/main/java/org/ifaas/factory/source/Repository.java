package org.ifaas.factory.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * The git repositories of image definitions. Failures to reach one blame the CLOUD; a bad definition, the IMAGE; a name or
 * ref that is not there, the REQUEST.
 */
public interface Repository {
    /**
     * All definitions at the default ref of every repository, each by the {@linkplain #nameOf name} under which all that is of it
     * is kept; a definition that can't be read is listed with its error.
     */
    List<Listed> definitions();

    /**
     * Asks every repository what is new.
     *
     * @return the names of those that can't be asked now: what is listed of them is as old as their last answer
     */
    default Set<String> fetch() throws InterruptedException {
        return Set.of();
    }

    /** Asks every repository, and says of each by its name whether it answers. */
    default Map<String, Availability> availability() throws InterruptedException {
        return Map.of();
    }

    /**
     * The name under which all that is of an image is kept: where {@code repository:image} means what the image's name alone
     * means, that name; else, because another repository's image of that name comes first, as it is given.
     *
     * @param ref null for the repository's default
     */
    default String nameOf(String image, @Nullable String ref) throws InterruptedException {
        return image;
    }

    /**
     * Finds the repository that has the image and resolves the ref to a commit, fetching where needed.
     *
     * @param ref null for the repository's default; where its definition can't be read there, the newest commit of which it is
     *     known that it could
     */
    Resolved resolve(String image, @Nullable String ref) throws StageFailure, InterruptedException;

    /** Reads and validates the definition; errors name file, line, field and mend. */
    ImageDefinition definition(Resolved at) throws StageFailure;

    /** Opens one file of the definition's folder at that commit. */
    InputStream file(Resolved at, String path) throws StageFailure, IOException;

    /**
     * Writes a git bundle that holds the commit under {@code refs/heads/build}. Where the repository is a shallow clone, so is
     * the bundle: whoever reads it writes the commit's id to {@code .git/shallow} before fetching, which is right for any.
     */
    void bundle(Resolved at, OutputStream to) throws StageFailure, IOException, InterruptedException;

    /** Those of the words that a file of the repository's definitions contains at that commit: what they name is meant. */
    Set<String> mentioned(Resolved at, Set<String> words) throws StageFailure, InterruptedException;

    /** What a person should know before this is built, such as changes in their checkout that are not committed. */
    default List<String> warnings(Resolved at) throws StageFailure, InterruptedException {
        return List.of();
    }

    /**
     * @param image name of the definition
     * @param repository name of the repository in the configuration
     * @param path the definition's folder inside the repository
     * @param commit full object id
     * @param author mail address of the commit's author
     * @param trusted whether the repository is on the operator's allow-list
     */
    record Resolved(String image, String repository, String path, String commit, String author, boolean trusted) {}

    /**
     * @param name with its repository and a colon in front where another repository's image of that name comes first; {@code *}
     *     for a repository that can't be read at all
     * @param definition null when it can't be read and never could; where it could, as it was then
     * @param error why it can't be read now; null when it can
     */
    record Listed(
            String name,
            String repository,
            @Nullable ImageDefinition definition,
            @Nullable String error) {
        /** What always means this one. */
        public String qualifiedName() {
            return name.contains(":") ? name : repository + ":" + name;
        }

        public Listed qualified() {
            return new Listed(qualifiedName(), repository, definition, error);
        }

        /** Whether somebody who asks for that image means this one. */
        public boolean isMeantBy(String image) {
            return image.equals(name) || image.equals(qualifiedName());
        }
    }
}
