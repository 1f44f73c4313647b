package org.ifaas.factory.image;

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
}
