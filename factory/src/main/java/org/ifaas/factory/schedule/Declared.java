package org.ifaas.factory.schedule;

/**
 * A schedule as somebody has written it down.
 *
 * @param source where: {@code ifaas.yaml}, or the repository of the definition
 */
public record Declared(String image, Timing timing, String source) {
    /** Of the operator's; it wins over the definition's. */
    public static final String CONFIGURATION = "ifaas.yaml";
}
