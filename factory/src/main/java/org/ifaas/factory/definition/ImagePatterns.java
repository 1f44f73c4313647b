package org.ifaas.factory.definition;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A set of images, by name.
 *
 * @param globs names in which {@code *} stands for any number of characters but colons; an image is in the set when one of them
 *     fits. {@code *} alone is every image, another repository's of the same name as well: who may have the images of one repository
 *     that fit {@code web-*} gets none of a repository that happens to be called so
 */
public record ImagePatterns(Set<String> globs) {
    /** With more stars, somebody could write one that takes ages to compare. */
    private static final Pattern GLOB = Pattern.compile("(?=.{1,63}$)[a-z0-9.-]*(\\*[a-z0-9.-]*){0,3}");

    /** Every image, also one of which nothing is known. */
    public static final ImagePatterns ALL = new ImagePatterns(Set.of("*"));

    public static final ImagePatterns NONE = new ImagePatterns(Set.of());

    /** @throws IllegalArgumentException when one of them is no pattern for names of images */
    public ImagePatterns {
        globs = Set.copyOf(globs);
        for (var glob : globs) {
            if (!isGlob(glob)) {
                throw new IllegalArgumentException(glob + " is no pattern for names of images");
            }
        }
    }

    public static ImagePatterns of(Collection<String> globs) {
        return new ImagePatterns(Set.copyOf(globs));
    }

    /** Whether it is a name of an image with three stars at most. */
    public static boolean isGlob(String text) {
        return GLOB.matcher(text).matches();
    }

    public boolean all() {
        return globs.contains("*");
    }

    public boolean has(String image) {
        return image.matches(regex());
    }

    public ImagePatterns and(ImagePatterns others) {
        var both = new TreeSet<>(globs);
        both.addAll(others.globs);
        return of(both);
    }

    /** For a whole name, as Java and PostgreSQL both read it. */
    public String regex() {
        return globs.stream()
                .sorted()
                .map(glob -> glob.equals("*") ? ".*" : glob.replace(".", "\\.").replace("*", "[^:\\n]*"))
                .collect(Collectors.joining("|", "^(", ")$"));
    }
}
