package org.safeclip.tensor.cpu;

import org.safeclip.tensor.backend.AdamStep;

/** AdamW over a flat block in one pass. */
final class SimdAdamW {
    private SimdAdamW() {}

    /** Parameters {@code from ... to}. */
    static void step(AdamStep s, int from, int to, float[] p, float[] g, float[] m, float[] v) {
        float keep = 1 - s.rate() * s.decay();
        float rate = (float) (s.rate() / s.correction1());
        float correction2 = (float) (1 / s.correction2());
        float beta1 = s.beta1();
        float beta2 = s.beta2();
        float epsilon = s.epsilon();
        for (int i = from; i < to; i++) {
            float slope = g[i];
            float first = beta1 * m[i] + (1 - beta1) * slope;
            float second = beta2 * v[i] + (1 - beta2) * slope * slope;
            m[i] = first;
            v[i] = second;
            p[i] = keep * p[i] - rate * first / ((float) Math.sqrt(second * correction2) + epsilon);
        }
    }
}
