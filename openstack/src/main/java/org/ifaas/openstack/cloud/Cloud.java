package org.ifaas.openstack.cloud;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One cloud of {@code clouds.yaml}.
 *
 * @param source where it was read, for errors: a file, or the environment
 * @param authUrl of Keystone v3, without a slash at its end
 * @param regions as the file names them; empty when it names none
 * @param face which of a service's endpoints are used: {@code public}, {@code internal} or {@code admin}
 * @param caFile certificates in PEM to trust instead of the JDK's; null for those
 * @param verify whether TLS certificates are checked
 * @param endpoints endpoints that stand in for those of the catalogue, by service type, whatever the region
 */
public record Cloud(
        String name,
        String source,
        URI authUrl,
        Credential credential,
        List<String> regions,
        String face,
        @Nullable Path caFile,
        boolean verify,
        Map<String, URI> endpoints) {
    public Cloud {
        regions = List.copyOf(regions);
        endpoints = Map.copyOf(endpoints);
    }
}
