package org.ifaas.factory.host;

/**
 * A transient machine started from the image under test.
 *
 * @param machine how to reach it
 * @param accelerator {@code KVM} or {@code TCG}; a cloud's name for it elsewhere
 * @param factoryAddress where the instance reaches the factory
 */
public record TestInstance(BuildHost machine, String accelerator, String factoryAddress) {}
