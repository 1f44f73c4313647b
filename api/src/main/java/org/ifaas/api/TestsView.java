package org.ifaas.api;

import java.util.List;
import java.util.Map;

/**
 * What stage 9 has found of an image that passed, and on flavors also of one that failed.
 *
 * @param passed on all flavors together
 * @param accelerator KVM or TCG; empty when the tests were skipped
 * @param bootSeconds from power-on to the first login; on the first flavor, as the figures are
 * @param figures such as those of iperf3
 * @param results the folder with JUnit XML, TAP and console log, or one of each flavor; empty when the tests were skipped
 * @param flavors those that the definition names and that were come to; empty when it names none
 */
public record TestsView(
        int passed,
        int skipped,
        String accelerator,
        double bootSeconds,
        Map<String, Double> figures,
        String results,
        List<FlavorView> flavors) {}
