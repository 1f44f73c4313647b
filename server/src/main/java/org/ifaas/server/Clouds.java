package org.ifaas.server;

import java.util.List;
import java.util.Map;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.Registry;
import org.ifaas.openstack.doctor.CloudDoctor;

/**
 * What the configured clouds offer.
 *
 * @param doctors by the cloud's name
 */
record Clouds(
        List<Registry> registries,
        List<HostProvider> hosts,
        List<TestInstances> instances,
        Map<String, CloudDoctor> doctors) {}
