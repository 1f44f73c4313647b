package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * @param cloud that it is a region of; null for a directory
 * @param diskFormat QCOW2 or RAW: what form the files have that are registered there
 * @param available whether it answers
 * @param mend what to do where it does not; empty where it does
 */
public record RegionView(
        String name, @Nullable String cloud, String diskFormat, boolean available, String detail, String mend) {}
