package org.ifaas.sources;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.source.Repository.Listed;
import org.ifaas.factory.source.Repository.Resolved;
import org.jspecify.annotations.Nullable;

/** The image definitions of one repository. Where the newest of an image is not well, the last that was still counts. */
final class Definitions {
    private final GitMirror mirror;
    private volatile Listing listing = new Listing("", List.of());
    private volatile Names names = new Names("", Map.of());

    /** @param images by public name */
    private record Names(String commit, Map<String, List<String>> images) {}

    private record Listing(String commit, List<Listed> definitions) {}

    Definitions(GitMirror mirror) {
        this.mirror = mirror;
    }

    GitMirror mirror() {
        return mirror;
    }

    GitRepository repository() {
        return mirror.repository();
    }

    /** As they were listed last; none before that. */
    List<Listed> known() {
        return listing.definitions();
    }

    /** Each by its name in this repository. What a commit has never changes, so each is read once. */
    List<Listed> list(String commit) throws IOException, InterruptedException {
        var known = listing;
        if (known.commit().equals(commit)) {
            return known.definitions();
        }
        var good = mirror.good();
        var listed = new ArrayList<Listed>();
        for (var image : mirror.tree(commit).images()) {
            listed.add(listed(commit, image, good.get(image)));
        }
        listing = new Listing(commit, List.copyOf(listed));
        return listing.definitions();
    }

    private Listed listed(String commit, String image, @Nullable String good) throws IOException, InterruptedException {
        var shown = Problem.shown(image);
        try {
            var definition = read(commit, image);
            if (!commit.equals(good)) {
                mirror.remember(image, commit);
            }
            return new Listed(shown, repository().name(), definition, null);
        } catch (InvalidDefinition e) {
            var before = good == null ? null : asItWas(good, image);
            return new Listed(shown, repository().name(), before, e.getMessage());
        }
    }

    /** Null when a later release of the factory no longer takes it for well, or its mirror has lost it. */
    private @Nullable ImageDefinition asItWas(String good, String image) throws InterruptedException {
        try {
            return read(good, image, _ -> null);
        } catch (InvalidDefinition | IOException e) {
            return null;
        }
    }

    ImageDefinition read(String commit, String image) throws InvalidDefinition, IOException, InterruptedException {
        return read(
                commit,
                image,
                publishAs -> publicNames(commit).getOrDefault(publishAs, List.of()).stream()
                        .filter(other -> !other.equals(image))
                        .findFirst()
                        .orElse(null));
    }

    /** Of all definitions that are well by themselves. */
    private Map<String, List<String>> publicNames(String commit) throws IOException, InterruptedException {
        var known = names;
        if (known.commit().equals(commit)) {
            return known.images();
        }
        var images = new TreeMap<String, List<String>>();
        for (var image : mirror.tree(commit).images()) {
            try {
                var name = read(commit, image, _ -> null).publishAs();
                images.computeIfAbsent(name, _ -> new ArrayList<>()).add(image);
            } catch (InvalidDefinition | FileNotFoundException e) {
                // It says so where it is listed or built.
            }
        }
        names = new Names(commit, images);
        return images;
    }

    private interface Others {
        @Nullable
        String named(String publishAs) throws IOException, InterruptedException;
    }

    private ImageDefinition read(String commit, String image, Others others)
            throws InvalidDefinition, IOException, InterruptedException {
        var tree = mirror.tree(commit);
        var folder = repository().folder(image);
        var file = folder + "/" + ImageYaml.FILE;
        var entry = tree.file(image, ImageYaml.FILE).orElseThrow(() -> new FileNotFoundException(file));
        if (!entry.isFile()) {
            throw YamlDocument.refused(file, 1, "is no regular file", "Commit the file itself, not a link.");
        }
        if (entry.size() > YamlDocument.MOST_BYTES) {
            throw YamlDocument.refused(file, 1, "has " + entry.size() + " bytes, more than 256 KiB", "Shorten it.");
        }
        return ImageYaml.read(mirror.blob(entry), file, image, new ImageYaml.Contents() {
            @Override
            public boolean have(String path) throws IOException, InterruptedException {
                return tree.has(image, path)
                        || tree.isLinked(image, path) && mirror.leadsSomewhere(commit, folder + "/" + path);
            }

            @Override
            public @Nullable String alsoNamed(String publishAs) throws IOException, InterruptedException {
                return others.named(publishAs);
            }

            @Override
            public boolean mayRun(String path) {
                return tree.mayRun(image, path);
            }
        });
    }

    /** That commit, when its definition is well or never was; else the newest at which it is known to have been. */
    String lastGood(String commit, String image) throws IOException, InterruptedException {
        var good = mirror.good().get(image);
        if (commit.equals(good)) {
            return commit;
        }
        if (wrong(commit, image) == null) {
            mirror.remember(image, commit);
            return commit;
        }
        return good == null || asItWas(good, image) == null ? commit : good;
    }

    private @Nullable String wrong(String commit, String image) throws IOException, InterruptedException {
        try {
            read(commit, image);
            return null;
        } catch (InvalidDefinition e) {
            return e.getMessage();
        }
    }

    /** What somebody who builds that should know: what is not committed, or that the newest is passed over. */
    List<String> warnings(Resolved at) throws IOException, InterruptedException {
        var isHead = mirror.commit("HEAD").filter(at.commit()::equals).isPresent();
        return isHead ? Uncommitted.in(repository(), mirror.tree(at.commit()), at.image()) : overtaken(at);
    }

    private List<String> overtaken(Resolved at) throws IOException, InterruptedException {
        var usual = mirror.commit(null);
        if (usual.isEmpty()
                || usual.get().equals(at.commit())
                || !mirror.tree(usual.get()).images().contains(at.image())) {
            return List.of();
        }
        var wrong = at.commit().equals(mirror.good().get(at.image())) ? wrong(usual.get(), at.image()) : null;
        return wrong == null
                ? List.of()
                : List.of("commit " + at.commit() + " is built, the last whose definition is well. The newest is not: "
                        + wrong);
    }

    /** Whether this repository has the image, usually or at that ref; also when nobody can say. */
    boolean mayHave(String image, @Nullable String ref) throws InterruptedException {
        try {
            var usual = mirror.commit(null);
            var there = ref == null || !GitRef.sound(ref) ? usual : mirror.commit(ref);
            return usual.isEmpty()
                    || mirror.tree(usual.get()).images().contains(image)
                    || there.isPresent() && mirror.tree(there.get()).images().contains(image);
        } catch (IOException e) {
            return true;
        }
    }
}
