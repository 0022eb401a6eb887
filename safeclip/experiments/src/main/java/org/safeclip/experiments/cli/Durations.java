package org.safeclip.experiments.cli;

/** Times for readers. */
final class Durations {
    private Durations() {}

    /** A time as exactly as an estimate deserves: "45 s", "3 min 20 s", "14 min", "2 h 10 min". */
    static String about(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 600) {
            long rounded = Math.round(whole / 10.0) * 10;
            return rounded / 60 + " min" + (rounded % 60 == 0 ? "" : " " + rounded % 60 + " s");
        }
        long minutes = Math.round(whole / 60.0);
        if (minutes < 60) {
            return minutes + " min";
        }
        long rounded = Math.round(minutes / 5.0) * 5;
        return rounded / 60 + " h" + (rounded % 60 == 0 ? "" : " " + rounded % 60 + " min");
    }
}
