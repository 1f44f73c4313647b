package org.ifaas.factory.source;

import java.util.List;
import java.util.Map;

/**
 * What mirrors offered at a moment, seen in one look.
 *
 * @param mirrors in the order asked
 * @param versions by binary package name, the highest over all suites
 */
public record Offer(List<MirrorState> mirrors, Map<String, String> versions) {}
