package org.ifaas.factory.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.pipeline.Facts;

/**
 * @param region name of the region
 * @param id the region's own id of the image, a UUID
 */
public record ImageRef(String region, String id) {
    /**
     * @param text {@code REGION/ID}
     * @throws IllegalArgumentException when it has no slash
     */
    public static ImageRef parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("no region and id of an image: " + text);
        }
        return new ImageRef(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The images of a build that its facts name, one a region, the home region's first. */
    public static List<ImageRef> of(Facts facts) {
        return of(facts.find(ImageRegistered.class), facts.find(ImageCopied.class));
    }

    public static List<ImageRef> of(Optional<ImageRegistered> registered, Optional<ImageCopied> copied) {
        var images = new ArrayList<ImageRef>();
        registered.ifPresent(fact -> images.add(fact.image()));
        copied.ifPresent(fact -> images.addAll(fact.images()));
        return images;
    }
}
