package org.safeclip.experiments.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a chart: the values low..high lie evenly on the units from..to of the drawing.
 *
 * @param low value at the start
 * @param high value at the end
 * @param from where the start is drawn
 * @param to where the end is drawn
 */
record Axis(double low, double high, double from, double to) {
    /** Keeps the two ends apart, so that a single value can be drawn too. */
    Axis {
        if (!(high > low)) {
            high = low + 1;
        }
    }

    /** Where a value is drawn. */
    double at(double value) {
        return from + (value - low) / (high - low) * (to - from);
    }

    /** Round values inside the axis, about as many as asked for. */
    List<Double> ticks(int about) {
        double step = step(about);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** The axis up to the next tick, so that the highest value stands below one. */
    Axis roundedUp(int about) {
        double step = step(about);
        return new Axis(low, step * Math.ceil(high / step - 1e-9), from, to);
    }

    /** A tick's value with the decimals that its neighbours need. */
    String label(double tick, int about) {
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step(about)) - 1e-9));
        return Numbers.fixed(tick == 0 ? 0 : tick, decimals);
    }

    /** The smallest of 1, 2 and 5 times a power of ten that gives no more steps than asked for. */
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
