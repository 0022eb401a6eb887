package org.safeclip.selection;

/**
 * Feature vectors of unit length, one row each, so that a dot product is a cosine.
 *
 * @param values {@code [rows, width]}
 * @param width D
 */
public record FeatureRows(float[] values, int width) {
    private static final float SHORTEST = 1e-6f;

    /** Checks that the rows are complete. */
    public FeatureRows {
        if (width < 1 || values.length % width != 0) {
            throw new IllegalArgumentException(
                    "features: " + values.length + " numbers do not make rows of " + width + "; give whole rows");
        }
    }

    /** Rows brought to unit length in place; a row of zeros stays. */
    static FeatureRows normalised(float[] values, int width) {
        FeatureRows rows = new FeatureRows(values, width);
        for (int i = 0; i < rows.count(); i++) {
            float length = (float) Math.sqrt(rows.cosine(i, i));
            for (int j = i * width; j < (i + 1) * width; j++) {
                values[j] /= Math.max(length, SHORTEST);
            }
        }
        return rows;
    }

    /** Copies of some rows, in the given order. */
    FeatureRows gathered(int[] rows) {
        float[] some = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * width, some, i * width, width);
        }
        return new FeatureRows(some, width);
    }

    /** Number of rows. */
    public int count() {
        return values.length / width;
    }

    /** The cosine of rows i and j. */
    public float cosine(int i, int j) {
        return cosine(i, this, j);
    }

    /** The cosine of row i and row j of others. */
    public float cosine(int i, FeatureRows others, int j) {
        int a = i * width;
        int b = j * width;
        float sum = 0;
        for (int k = 0; k < width; k++) {
            sum += values[a + k] * others.values[b + k];
        }
        return sum;
    }
}
