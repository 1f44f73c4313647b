package org.ifaas.server.api;

/** Numbers in addresses. */
final class Numbers {
    private Numbers() {}

    static int of(String field, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like one that is out of bounds.
        }
        throw new Refusal(
                400, "is not a number from " + least + " to " + most, field, value, "Give one within these bounds.");
    }
}
