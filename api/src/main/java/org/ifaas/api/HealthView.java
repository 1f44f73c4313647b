package org.ifaas.api;

/**
 * @param ready whether the factory serves requests as it should
 * @param database whether its database answers
 */
public record HealthView(boolean ready, boolean database) {}
