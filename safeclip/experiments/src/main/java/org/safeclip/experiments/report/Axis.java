package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis of a chart: maps the values low..high linearly to the drawing units from..to.
 *
 * @param low value at the start
 * @param high value at the end
 * @param from coordinate of the start
 * @param to coordinate of the end
 */
record Axis(double low, double high, double from, double to) {
    /** Makes the ends different, so that a single value can be drawn. */
    Axis {
        if (!(high > low)) {
            high = low + 1;
        }
    }

    /** The coordinate of a value. */
    double at(double value) {
        return from + (value - low) / (high - low) * (to - from);
    }

    /** About the given number of round values inside the axis. */
    List<Double> ticks(int about) {
        double step = step(about);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** The axis extended to the next tick above its highest value. */
    Axis roundedUp(int about) {
        double step = step(about);
        return new Axis(low, step * Math.ceil(high / step - 1e-9), from, to);
    }

    /** The label of a tick, with as many decimals as the step needs. */
    String label(double tick, int about) {
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step(about)) - 1e-9));
        return Numbers.fixed(tick == 0 ? 0 : tick, decimals);
    }

    /** The smallest step of 1, 2 or 5 times a power of ten that gives at most the given number of steps. */
    private double step(int about) {
        double rough = (high - low) / about;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= rough * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
