package org.safeclip.nn.optim;

/** Learning-rate schedule: the rate of every step. */
public sealed interface Schedule {
    /** Learning rate of a step, counted from 0. */
    double rate(long step);

    /** A constant rate. */
    static Schedule constant(double rate) {
        return new Constant(rate);
    }

    /**
     * Linear warm-up, then cosine decay to 0 at step {@code total}, then 0. A warm-up that does not fit is shortened to
     * a tenth of the total; {@link WarmupCosine#warmup()} tells.
     */
    static WarmupCosine fixed(double base, long warmup, long total) {
        return new WarmupCosine(base, warmup >= total ? Math.min(warmup, total / 10) : warmup, total, true);
    }

    /** The schedule of the SafeCLIP release: total need not be whole, and the cosine rises again past the end. */
    static WarmupCosine faithful(double base, long warmup, double total) {
        return new WarmupCosine(base, warmup, total, false);
    }

    /**
     * A constant schedule.
     *
     * @param rate learning rate of every step
     */
    record Constant(double rate) implements Schedule {
        @Override
        public double rate(long step) {
            return rate;
        }
    }

    /**
     * Linear warm-up and cosine decay: base·(step + 1)/warmup while step &lt; warmup, then base·½(1 + cos(π·(step −
     * warmup)/(total − warmup))).
     *
     * @param base highest learning rate
     * @param warmup steps of the linear rise
     * @param total steps until the cosine reaches 0
     * @param clamped whether the rate stays 0 from {@code total} on
     */
    record WarmupCosine(double base, long warmup, double total, boolean clamped) implements Schedule {
        /** Throws an IllegalArgumentException if the warm-up leaves no step for the cosine. */
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
