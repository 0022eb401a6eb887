package org.safeclip.opencl;

import java.util.Locale;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.Spread;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

/** Verbs that treat every number by itself: {@code map.cl}, {@code zip.cl}, {@code adamw.cl}. */
final class Elements {
    private final Queue queue;
    private final Cut cut;

    Elements(Queue queue) {
        this.queue = queue;
        this.cut = new Cut(queue);
    }

    /** The kernel of a constant: the verb, then its name in lower case. */
    static String kernel(String verb, Enum<?> constant) {
        return verb + "_" + constant.name().toLowerCase(Locale.ROOT);
    }

    void fill(int n, float value, Storage y) {
        int per = cut.vectors(n);
        queue.launch("map", "fill").with(n).with(per).with(value).with(y).over(cut.groups(n, per));
    }

    void map(Unary f, int n, Storage x, Storage y) {
        int per = cut.vectors(n);
        queue.launch("map", kernel("map", f)).with(n).with(per).with(x).with(y).over(cut.groups(n, per));
    }

    void affine(int n, float scale, float shift, Storage x, Storage y) {
        int per = cut.vectors(n);
        queue.launch("map", "affine")
                .with(n)
                .with(per)
                .with(scale)
                .with(shift)
                .with(x)
                .with(y)
                .over(cut.groups(n, per));
    }

    void zip(Binary f, Spread spread, Storage a, Storage b, Storage y) {
        int n = spread.size();
        int per = cut.vectors(n);
        queue.launch("zip", kernel("zip", f))
                .with(n)
                .with(per)
                .with(spread.count())
                .with(spread.inner())
                .with(a)
                .with(b)
                .with(y)
                .over(cut.groups(n, per));
    }

    void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v) {
        int per = cut.vectors(n);
        queue.launch("adamw", "adamw")
                .with(n)
                .with(per)
                .with(step.rate())
                .with(step.decay())
                .with(step.beta1())
                .with(step.beta2())
                .with(step.epsilon())
                .with((float) step.correction1())
                .with((float) step.correction2())
                .with(p)
                .with(g)
                .with(m)
                .with(v)
                .over(cut.groups(n, per));
    }
}
