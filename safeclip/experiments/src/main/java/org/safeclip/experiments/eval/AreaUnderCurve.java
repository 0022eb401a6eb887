package org.safeclip.experiments.eval;

import java.util.Arrays;

/** Areas under the ROC and precision-recall curves of a score; equal scores pass the threshold together. */
public final class AreaUnderCurve {
    private AreaUnderCurve() {}

    /**
     * Area under the ROC curve: the probability that a positive scores above a negative; ties count half.
     *
     * @throws IllegalArgumentException if a score is NaN or one of the classes is empty
     */
    public static double roc(double[] score, boolean[] positive) {
        Classes classes = Classes.of(score, positive);
        double area = 0;
        int above = 0;
        Sweep sweep = new Sweep(classes);
        while (sweep.next()) {
            // a tie between a positive and a negative counts half: the trapezoid between two points of the curve
            area += (sweep.negatives - (double) above) * (sweep.positives + sweep.positivesBefore) / 2;
            above = sweep.negatives;
        }
        return area / ((double) classes.positives.length * classes.negatives.length);
    }

    /**
     * Average precision: sum of (R_n − R_{n−1}) P_n over the thresholds, without interpolation.
     *
     * @throws IllegalArgumentException if a score is NaN or one of the classes is empty
     */
    public static double averagePrecision(double[] score, boolean[] positive) {
        Classes classes = Classes.of(score, positive);
        double sum = 0;
        Sweep sweep = new Sweep(classes);
        while (sweep.next()) {
            sum += (sweep.positives - (double) sweep.positivesBefore) * sweep.precision();
        }
        return sum / classes.positives.length;
    }

    /** Scores of both classes, each ascending. */
    private record Classes(double[] positives, double[] negatives) {
        static Classes of(double[] score, boolean[] positive) {
            if (score.length != positive.length) {
                throw new IllegalArgumentException("area under curve: " + score.length + " scores but "
                        + positive.length + " labels; give one label per score");
            }
            double[] positives = new double[score.length];
            double[] negatives = new double[score.length];
            int p = 0;
            int n = 0;
            for (int i = 0; i < score.length; i++) {
                if (Double.isNaN(score[i])) {
                    throw new IllegalArgumentException(
                            "area under curve: score " + i + " is NaN; scores need an order");
                }
                if (positive[i]) {
                    positives[p++] = score[i];
                } else {
                    negatives[n++] = score[i];
                }
            }
            if (p == 0 || n == 0) {
                throw new IllegalArgumentException("area under curve: " + p + " positives and " + n
                        + " negatives; a curve needs at least one of each");
            }
            positives = Arrays.copyOf(positives, p);
            negatives = Arrays.copyOf(negatives, n);
            Arrays.sort(positives);
            Arrays.sort(negatives);
            return new Classes(positives, negatives);
        }
    }

    /** Lowers the threshold step by step and counts the scores of each class at or above it. */
    private static final class Sweep {
        private final Classes classes;
        private int positives;
        private int negatives;
        private int positivesBefore;

        Sweep(Classes classes) {
            this.classes = classes;
        }

        boolean next() {
            double[] p = classes.positives;
            double[] n = classes.negatives;
            if (positives == p.length && negatives == n.length) {
                return false;
            }
            positivesBefore = positives;
            double highestPositive = positives < p.length ? p[p.length - 1 - positives] : Double.NEGATIVE_INFINITY;
            double highestNegative = negatives < n.length ? n[n.length - 1 - negatives] : Double.NEGATIVE_INFINITY;
            double threshold = Math.max(highestPositive, highestNegative);
            while (positives < p.length && p[p.length - 1 - positives] >= threshold) {
                positives++;
            }
            while (negatives < n.length && n[n.length - 1 - negatives] >= threshold) {
                negatives++;
            }
            return true;
        }

        double precision() {
            return (double) positives / (positives + negatives);
        }
    }
}
