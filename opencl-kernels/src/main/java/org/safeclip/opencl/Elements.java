package org.safeclip.opencl;

import java.util.Locale;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

/** Elementwise kernels: {@code map.cl}, {@code zip.cl}, {@code adamw.cl}. */
final class Elements {
    private final Queue queue;
    private final LaunchGeometry geometry;

    Elements(Queue queue) {
        this.queue = queue;
        this.geometry = new LaunchGeometry(queue);
    }

    /** Name of the kernel of an enum constant: {@code method_constant}, in lower case. */
    static String kernel(String method, Enum<?> constant) {
        return method + "_" + constant.name().toLowerCase(Locale.ROOT);
    }

    void fill(int n, float value, Storage y) {
        int per = geometry.vectors(n);
        queue.launch("map", "fill").with(n).with(per).with(value).with(y).over(geometry.plainGroups(n, per));
    }

    void map(Unary f, int n, Storage x, Storage y) {
        int per = geometry.vectors(n);
        queue.launch("map", kernel("map", f)).with(n).with(per).with(x).with(y).over(geometry.plainGroups(n, per));
    }

    void affine(int n, float scale, float shift, Storage x, Storage y) {
        int per = geometry.vectors(n);
        queue.launch("map", "affine")
                .with(n)
                .with(per)
                .with(scale)
                .with(shift)
                .with(x)
                .with(y)
                .over(geometry.plainGroups(n, per));
    }

    void clamp(int n, float low, float high, Storage x, Storage y) {
        int per = geometry.vectors(n);
        queue.launch("map", "clamp_between")
                .with(n)
                .with(per)
                .with(low)
                .with(high)
                .with(x)
                .with(y)
                .over(geometry.plainGroups(n, per));
    }

    void movingAverage(int n, float keep, float take, Storage x, Storage y) {
        int per = geometry.vectors(n);
        queue.launch("map", "moving_average")
                .with(n)
                .with(per)
                .with(keep)
                .with(take)
                .with(x)
                .with(y)
                .over(geometry.plainGroups(n, per));
    }

    void zip(Binary f, BroadcastShape broadcast, Storage a, Storage b, Storage y) {
        int n = broadcast.size();
        int per = geometry.vectors(n);
        queue.launch("zip", kernel("zip", f))
                .with(n)
                .with(per)
                .with(broadcast.count())
                .with(broadcast.inner())
                .with(a)
                .with(b)
                .with(y)
                .over(geometry.plainGroups(n, per));
    }

    void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v) {
        int per = geometry.vectors(n);
        queue.launch("adamw", "adamw")
                .with(n)
                .with(per)
                .with(step)
                .with(p)
                .with(g)
                .with(m)
                .with(v)
                .over(geometry.plainGroups(n, per));
    }
}
