package org.ifaas.api;

/**
 * What stage 9 has found on one flavor.
 *
 * @param accelerator KVM, TCG or the cloud; empty when no instance was reached
 * @param bootSeconds from power-on to the first login; 0 when no instance was reached
 * @param results the folder with JUnit XML, TAP and console log
 */
public record FlavorView(
        String name, int passed, int failed, int skipped, String accelerator, double bootSeconds, String results) {}
