package org.ifaas.factory.host;

/**
 * Whether something can be had on this machine.
 *
 * @param detail what was found, or why not
 * @param mend what the user can do about it; empty when it is available
 */
public record Availability(boolean available, String detail, String mend) {}
