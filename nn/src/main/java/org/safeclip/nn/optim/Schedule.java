package org.safeclip.nn.optim;

/** The learning rate of every step, counted from 0. */
public sealed interface Schedule {
    /** The rate of a step. */
    double rate(long step);

    /** The same rate always. */
    static Schedule constant(double rate) {
        return new Constant(rate);
    }

    /**
     * Warm-up and cosine to 0, and 0 past the end. A warm-up that does not fit is cut to a tenth of the total; compare
     * {@link WarmupCosine#warmup()} with what was asked for, and say so.
     */
    static WarmupCosine fixed(double base, long warmup, long total) {
        return new WarmupCosine(base, warmup >= total ? Math.min(warmup, total / 10) : warmup, total, true);
    }

    /** The formula of the SafeCLIP release, in which the total need not be whole and the cosine rises again past the end. */
    static WarmupCosine faithful(double base, long warmup, double total) {
        return new WarmupCosine(base, warmup, total, false);
    }

    /**
     * One rate for all steps.
     *
     * @param rate the rate
     */
    record Constant(double rate) implements Schedule {
        @Override
        public double rate(long step) {
            return rate;
        }
    }

    /**
     * base·(step + 1)/warmup while step &lt; warmup, then base·½(1 + cos(π·(step − warmup)/(total − warmup))).
     *
     * @param base the highest rate
     * @param warmup steps of the linear rise
     * @param total steps until the cosine reaches 0
     * @param clamped whether the rate stays 0 from {@code total} on
     */
    record WarmupCosine(double base, long warmup, double total, boolean clamped) implements Schedule {
        /** Refuses a warm-up that leaves nothing for the cosine. */
        public WarmupCosine {
            if (warmup < 0 || total < 1 || warmup >= total) {
                throw new IllegalArgumentException("a warm-up of " + warmup + " steps in a schedule of " + total
                        + " steps: expected a warm-up from 0 and shorter than the total");
            }
        }

        @Override
        public double rate(long step) {
            if (step < warmup) {
                return base * (step + 1) / warmup;
            }
            if (clamped && step >= total) {
                return 0;
            }
            return base * 0.5 * (1 + Math.cos(Math.PI * (step - warmup) / (total - warmup)));
        }
    }
}
