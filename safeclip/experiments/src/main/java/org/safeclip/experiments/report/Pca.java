package org.safeclip.experiments.report;

/** The two largest principal components of points, by power iteration. */
final class Pca {
    private static final int ITERATIONS = 200;

    private final double[] mean;
    private final double[][] axes; // [2][E], unit length

    /**
     * The components of points.
     *
     * @param points at least one, {@code [n][E]}
     */
    Pca(float[][] points) {
        int e = points[0].length;
        mean = new double[e];
        for (float[] point : points) {
            for (int i = 0; i < e; i++) {
                mean[i] += point[i] / (double) points.length;
            }
        }
        double[][] covariance = new double[e][e];
        for (float[] point : points) {
            for (int i = 0; i < e; i++) {
                double d = point[i] - mean[i];
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += d * (point[j] - mean[j]);
                    covariance[j][i] = covariance[i][j];
                }
            }
        }
        axes = new double[2][];
        for (int k = 0; k < 2; k++) {
            axes[k] = largest(covariance);
            deflate(covariance, axes[k]);
        }
    }

    /** The coordinates of points along both components, {@code [n][2]}. */
    double[][] project(float[][] points) {
        double[][] plane = new double[points.length][2];
        for (int n = 0; n < points.length; n++) {
            for (int k = 0; k < 2; k++) {
                for (int i = 0; i < mean.length; i++) {
                    plane[n][k] += (points[n][i] - mean[i]) * axes[k][i];
                }
            }
        }
        return plane;
    }

    /** The eigenvector of the largest eigenvalue; its largest coordinate is positive, so that it does not depend on the start. */
    private static double[] largest(double[][] matrix) {
        double[] v = new double[matrix.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = 1 + i % 7 / 10.0; // along no axis of symmetry
        }
        for (int t = 0; t < ITERATIONS; t++) {
            double[] w = times(matrix, v);
            double norm = Math.sqrt(dot(w, w));
            if (norm == 0) { // no variance is left
                return new double[v.length];
            }
            for (int i = 0; i < v.length; i++) {
                v[i] = w[i] / norm;
            }
        }
        int top = 0;
        for (int i = 1; i < v.length; i++) {
            top = Math.abs(v[i]) > Math.abs(v[top]) ? i : top;
        }
        if (v[top] < 0) {
            for (int i = 0; i < v.length; i++) {
                v[i] = -v[i];
            }
        }
        return v;
    }

    private static void deflate(double[][] matrix, double[] axis) {
        double value = dot(axis, times(matrix, axis));
        for (int i = 0; i < axis.length; i++) {
            for (int j = 0; j < axis.length; j++) {
                matrix[i][j] -= value * axis[i] * axis[j];
            }
        }
    }

    private static double[] times(double[][] matrix, double[] v) {
        double[] w = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            w[i] = dot(matrix[i], v);
        }
        return w;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
