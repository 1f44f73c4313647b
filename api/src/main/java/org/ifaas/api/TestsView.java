package org.ifaas.api;

import java.util.Map;

/**
 * What stage 9 has found of an image that passed.
 *
 * @param accelerator KVM or TCG; empty when the tests were skipped
 * @param bootSeconds from power-on to the first login
 * @param figures such as those of iperf3
 * @param results the folder with JUnit XML, TAP and console log; empty when the tests were skipped
 */
public record TestsView(
        int passed, int skipped, String accelerator, double bootSeconds, Map<String, Double> figures, String results) {}
