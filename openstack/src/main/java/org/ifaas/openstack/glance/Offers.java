package org.ifaas.openstack.glance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;

/** Whether a Glance offers what the configuration wants of it. */
public record Offers(Service images, GlancePolicy policy) {
    private static final String COPY = "copy-image";

    /** What is not offered, with field, value and mend; empty when all is. */
    public Optional<Availability> missing() throws CloudFailure, InterruptedException {
        if (policy.method() == ImportMethod.DIRECT && policy.stores().isEmpty()) {
            return Optional.empty();
        }
        var methods = methods();
        var method = policy.method().word();
        if (policy.method() != ImportMethod.DIRECT && !methods.contains(method)) {
            return Optional.of(
                    new Availability(
                            false,
                            "clouds %s: import_method: %s is not offered in %s: Glance there offers %s"
                                    .formatted(images.cloud().name(), method, images.region(), listed(methods)),
                            "Choose direct or one of these in ifaas.yaml, or have its operator add it to enabled_import_methods."));
        }
        var stores = stores();
        for (var store : policy.stores()) {
            if (!stores.contains(store)) {
                return Optional.of(new Availability(
                        false,
                        "clouds %s: stores: there is no %s in %s: Glance there has %s"
                                .formatted(images.cloud().name(), store, images.region(), listed(stores)),
                        "Choose among these in ifaas.yaml; without any, Glance chooses."));
            }
        }
        if (policy.method() == ImportMethod.DIRECT && policy.stores().size() > 1 && !methods.contains(COPY)) {
            return Optional.of(new Availability(
                    false,
                    "clouds %s: stores: %s needs %s, which is not offered in %s"
                            .formatted(
                                    images.cloud().name(), String.join(", ", policy.stores()), COPY, images.region()),
                    "Name one store, choose import_method: glance-direct, or have " + COPY
                            + " added to enabled_import_methods there."));
        }
        return Optional.empty();
    }

    private List<String> methods() throws CloudFailure, InterruptedException {
        var methods = new ArrayList<String>();
        images.find("/v2/info/import")
                .map(info -> info.path("import-methods").path("value"))
                .ifPresent(all -> all.forEach(method -> methods.add(method.asString(""))));
        return methods;
    }

    /** A Glance with one store only does not know the question. */
    private List<String> stores() throws CloudFailure, InterruptedException {
        if (policy.stores().isEmpty()) {
            return List.of();
        }
        var stores = new ArrayList<String>();
        images.find("/v2/info/stores")
                .map(info -> info.path("stores"))
                .ifPresent(all -> all.forEach(store -> stores.add(id(store))));
        return stores;
    }

    private static String id(JsonNode store) {
        return store.path("id").asString("");
    }

    private static String listed(List<String> words) {
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
