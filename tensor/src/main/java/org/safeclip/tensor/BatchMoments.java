package org.safeclip.tensor;

/**
 * Moments of every channel of a batch that comes in parts (Chan, Golub and LeVeque 1979), in double precision.
 *
 * @param samples n, numbers of a channel in all parts
 * @param mean of every channel
 * @param variance of every channel, biased
 */
record BatchMoments(float samples, float[] mean, float[] variance) {
    /**
     * The moments of the whole batch from those of this part and of the others: mean = Σ nᵣ·meanᵣ / n and variance = Σ
     * nᵣ·(varianceᵣ + (meanᵣ − mean)²) / n.
     */
    static BatchMoments of(int samples, float[] mean, float[] variance, BatchParts parts) {
        int channels = mean.length;
        int each = 1 + 2 * channels;
        float[] all = parts.gather(joined(samples, mean, variance));
        double whole = total(all, each);
        float[] means = new float[channels];
        float[] variances = new float[channels];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int p = 0; p < all.length; p += each) {
                sum += (double) all[p] * all[p + 1 + c];
            }
            double centre = sum / whole;
            double squares = 0;
            for (int p = 0; p < all.length; p += each) {
                double away = all[p + 1 + c] - centre;
                squares += all[p] * (all[p + 1 + channels + c] + away * away);
            }
            means[c] = (float) centre;
            variances[c] = (float) (squares / whole);
        }
        return new BatchMoments((float) whole, means, variances);
    }

    /**
     * By how much the means over this part exceed those over the whole batch, for every channel.
     *
     * @param a Σ over this part of one quantity
     * @param b Σ over this part of another
     * @param whole n
     * @return a / samples − Σ a / n, and the same of b
     */
    static NdArray[] excess(int samples, NdArray a, NdArray b, double whole, BatchParts parts) {
        float[] own = joined(samples, a.toArray(), b.toArray());
        float[] all = parts.gather(own);
        float[] excess = new float[own.length];
        for (int i = 1; i < own.length; i++) {
            double sum = 0;
            for (int p = 0; p < all.length; p += own.length) {
                sum += all[p + i];
            }
            excess[i] = (float) (own[i] / (double) samples - sum / whole);
        }
        int channels = a.dim(0);
        return new NdArray[] {
            NdArray.of(a.backend(), a.shape(), excess, 1), NdArray.of(b.backend(), b.shape(), excess, 1 + channels)
        };
    }

    private static float[] joined(int samples, float[] a, float[] b) {
        float[] joined = new float[1 + a.length + b.length];
        joined[0] = samples;
        System.arraycopy(a, 0, joined, 1, a.length);
        System.arraycopy(b, 0, joined, 1 + a.length, b.length);
        return joined;
    }

    private static double total(float[] all, int each) {
        double total = 0;
        for (int p = 0; p < all.length; p += each) {
            total += all[p];
        }
        return total;
    }
}
