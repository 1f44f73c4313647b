package org.ifaas.factory.image;

import java.util.Collection;
import java.util.EnumMap;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.pipeline.Facts;

/**
 * The built image in another disk format.
 *
 * @param measured what the factory itself has measured of the file that it has converted
 */
public record Converted(DiskFormat format, Measured measured) {
    /** What the regions of a build have, one for each format. */
    public static Collection<Converted> of(Facts facts) {
        var all = new EnumMap<DiskFormat, Converted>(DiskFormat.class);
        facts.find(ImageRegistered.class).map(ImageRegistered::converted).ifPresent(one -> all.put(one.format(), one));
        facts.find(ImageCopied.class)
                .map(ImageCopied::converted)
                .ifPresent(more -> more.forEach(one -> all.put(one.format(), one)));
        return all.values();
    }
}
