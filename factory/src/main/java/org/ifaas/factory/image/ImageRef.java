package org.ifaas.factory.image;

/**
 * @param region name of the region
 * @param id the region's own id of the image, a UUID
 */
public record ImageRef(String region, String id) {}
