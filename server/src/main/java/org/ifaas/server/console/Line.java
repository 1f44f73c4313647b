package org.ifaas.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A line through values in the order of time, drawn into a box.
 *
 * @param points as SVG has them
 */
public record Line(int width, int height, String points, List<Dot> dots, double least, double most) {
    private static final int EDGE = 3;

    /** One value. */
    public record Dot(double x, double y, double value) {
        public String cx() {
            return number(x);
        }

        public String cy() {
            return number(y);
        }
    }

    /** @param fromZero whether the lowest line is zero rather than the least value */
    static Line through(List<Double> values, int width, int height, boolean fromZero) {
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double least = fromZero
                ? 0
                : values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double span = most > least ? most - least : 1;
        var points = new StringJoiner(" ");
        var dots = new ArrayList<Dot>();
        for (int i = 0; i < values.size(); i++) {
            double x = values.size() == 1 ? width / 2.0 : EDGE + (width - 2.0 * EDGE) * i / (values.size() - 1);
            double share = most > least ? (values.get(i) - least) / span : 0.5;
            double y = height - EDGE - (height - 2.0 * EDGE) * share;
            points.add(number(x) + "," + number(y));
            dots.add(new Dot(x, y, values.get(i)));
        }
        if (dots.size() == 1) {
            // A line of no length, which is drawn as a dot.
            points.add(points.toString());
        }
        return new Line(width, height, points.toString(), dots, least, most);
    }

    /** @param value not below zero */
    static String number(double value) {
        // A page of a year has tens of thousands of them, for which a format is slow.
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }

    public boolean isEmpty() {
        return dots.isEmpty();
    }

    public String box() {
        return "0 0 " + width + " " + height;
    }
}
