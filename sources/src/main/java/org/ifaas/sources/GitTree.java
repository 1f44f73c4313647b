package org.ifaas.sources;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What lies in the definitions' folder at a commit: all files, by their path inside that folder. */
record GitTree(Map<String, Entry> entries) {
    /** @param mode such as {@code 100644}; {@code 120000} is a symbolic link */
    record Entry(String mode, String id, long size) {
        boolean isFile() {
            return mode.startsWith("100");
        }

        boolean isLink() {
            return mode.equals("120000");
        }
    }

    /** @param listing of {@code git ls-tree -r -l -z} */
    static GitTree parse(String listing, String folder) {
        var entries = new TreeMap<String, Entry>();
        var prefix = folder.isEmpty() ? "" : folder + "/";
        for (var line : listing.split("\0")) {
            int tab = line.indexOf('\t');
            if (tab > 0 && line.startsWith(prefix, tab + 1)) {
                var words = line.substring(0, tab).split(" +");
                long size = words[3].equals("-") ? 0 : Long.parseLong(words[3]);
                entries.put(line.substring(tab + 1 + prefix.length()), new Entry(words[0], words[2], size));
            }
        }
        return new GitTree(entries);
    }

    /** Names of the folders that hold an {@code image.yaml}. */
    Set<String> images() {
        var images = new TreeSet<String>();
        for (var path : entries.keySet()) {
            int slash = path.indexOf('/');
            if (slash > 0 && path.substring(slash + 1).equals(ImageYaml.FILE)) {
                images.add(path.substring(0, slash));
            }
        }
        return images;
    }

    Optional<Entry> file(String image, String path) {
        return Optional.ofNullable(entries.get(image + "/" + path));
    }

    /** Whether there is a file or folder of that path. */
    boolean has(String image, String path) {
        var wanted = image + "/" + path;
        return entries.entrySet().stream()
                .anyMatch(e -> e.getKey().startsWith(wanted + "/")
                        || (e.getKey().equals(wanted) && !e.getValue().isLink()));
    }

    /** False for a file that is not executable. */
    boolean mayRun(String image, String path) {
        return file(image, path).map(Entry::mode).filter("100644"::equals).isEmpty();
    }

    /** Whether a symbolic link stands at that path or on the way to it. */
    boolean isLinked(String image, String path) {
        var wanted = image + "/" + path + "/";
        return entries.entrySet().stream().anyMatch(e -> e.getValue().isLink() && wanted.startsWith(e.getKey() + "/"));
    }
}
