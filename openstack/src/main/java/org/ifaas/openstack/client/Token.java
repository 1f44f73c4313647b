package org.ifaas.openstack.client;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * @param id what is shown to the services; never printed
 * @param roles that the credential has in its project
 * @param catalogue as Keystone sends it
 */
record Token(
        String id, Instant expires, String projectId, String project, Set<String> roles, List<JsonNode> catalogue) {
    @Override
    public String toString() {
        return "token of project " + project + " until " + expires;
    }
}
