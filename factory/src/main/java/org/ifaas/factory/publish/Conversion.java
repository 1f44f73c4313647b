package org.ifaas.factory.publish;

/**
 * What a signed statement says of a file in another disk format than the image was built in.
 *
 * @param diskFormat in Glance's word
 * @param sha256 of that file
 * @param image SHA-256 of the image that it was converted from
 * @param release SHA-256 of the {@code SHA256SUMS} of the image's release
 */
public record Conversion(String diskFormat, String sha256, String image, String release) {}
