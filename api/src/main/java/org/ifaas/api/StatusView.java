package org.ifaas.api;

import java.util.List;

/**
 * {@code GET /api/v1/status}.
 *
 * @param found what the factory found when it started, for people: builds it resumed, hosts it removed
 */
public record StatusView(
        String version,
        String home,
        String database,
        int running,
        int queued,
        int parallelBuilds,
        List<String> found) {}
