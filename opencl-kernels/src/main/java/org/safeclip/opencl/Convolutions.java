package org.safeclip.opencl;

import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.WindowShape;

/** Convolutions as products that unfold nothing, {@code convolution.cl}; for GPUs and windows side by side. */
final class Convolutions {
    private static final String FILE = "convolution";
    /** Groups for each unit of the device that the gradient of weights is divided into, about. */
    private static final int SLICES_PER_UNIT = 8;
    /** Pixels of a slice, at least. */
    private static final int SHORTEST = 256;

    private final Queue queue;
    private final Reductions reductions;

    Convolutions(Queue queue, Reductions reductions) {
        this.queue = queue;
        this.reductions = reductions;
    }

    /** Whether the kernels here can do it, gradients included. */
    boolean possible(WindowShape s) {
        return queue.family() == Family.GPU && s.stride() == 1 && s.padding() < s.kernel();
    }

    void convolve(WindowShape s, int out, Storage x, Storage w, Storage y) {
        if (s.kernel() == 1) {
            convolveLaidOut(s, out, x, w, y);
        } else {
            DeviceBuffer weights = layOut(s, out, false, w);
            convolveLaidOut(s, out, x, weights, y);
            queue.giveBack(weights);
        }
    }

    /** The windows of dy on a pixel are those of the mirrored weights. */
    void inputGradient(WindowShape s, int out, Storage w, Storage dy, Storage dx) {
        WindowShape mirrored = new WindowShape(
                s.batch(), out, s.outHeight(), s.outWidth(), s.kernel(), 1, s.kernel() - 1 - s.padding());
        DeviceBuffer weights = layOut(s, out, true, w);
        convolveLaidOut(mirrored, s.channels(), dy, weights, dx);
        queue.giveBack(weights);
    }

    /** The weights in the order of {@code convolution}, for the images or for their gradient. */
    private DeviceBuffer layOut(WindowShape s, int out, boolean mirrored, Storage w) {
        DeviceBuffer weights = queue.temporary(out * s.cols());
        program("lay_out_weights", s, ConvolutionTile.of(out, queue.device()))
                .with(out)
                .with(s.channels())
                .with(mirrored ? 1 : 0)
                .with(w)
                .with(weights)
                .over(LaunchGeometry.ceil((long) out * s.cols(), queue.lanes()));
        return weights;
    }

    private void convolveLaidOut(WindowShape s, int out, Storage x, Storage weights, Storage y) {
        ConvolutionTile tile = ConvolutionTile.of(out, queue.device());
        run(launch("convolution", s, out, tile).with(x).with(weights).with(y), tile, tile.groups(out, s.rows()));
    }

    /** By slices of the pixels, then their sum: the same order every time. */
    void weightGradient(WindowShape s, int out, Storage x, Storage dy, Storage dw) {
        ConvolutionTile tile = ConvolutionTile.of(out, queue.device());
        long blocks = tile.groups(out, s.cols());
        long wanted = LaunchGeometry.ceil((long) queue.device().units() * SLICES_PER_UNIT, blocks);
        long fair = LaunchGeometry.ceil(s.rows(), Math.max(1, Math.min(wanted, s.rows() / SHORTEST)));
        int length = (int) LaunchGeometry.ceil(fair, tile.depth()) * tile.depth();
        int slices = (int) LaunchGeometry.ceil(s.rows(), length);
        DeviceBuffer parts = slices == 1 ? null : queue.temporary(slices * out * s.cols());
        Launch launch = launch("convolution_weight_gradient", s, out, tile)
                .with(length)
                .with(x)
                .with(dy)
                .with(parts == null ? dw : parts);
        run(launch, tile, blocks * slices);
        if (parts != null) {
            reductions.reduce(Reduction.SUM, BroadcastShape.overRows(slices, out * s.cols()), parts, dw);
            queue.giveBack(parts);
        }
    }

    private Launch program(String kernel, WindowShape s, ConvolutionTile tile) {
        return queue.launch(FILE, "-DWINDOW=" + s.kernel() + " " + tile.options(), kernel);
    }

    private Launch launch(String kernel, WindowShape s, int out, ConvolutionTile tile) {
        return program(kernel, s, tile)
                .with(s.batch())
                .with(s.channels())
                .with(s.height())
                .with(s.width())
                .with(out)
                .with(s.outHeight())
                .with(s.outWidth())
                .with(s.stride())
                .with(s.padding());
    }

    private static void run(Launch launch, ConvolutionTile tile, long groups) {
        launch.run(new long[] {groups * tile.items()}, new long[] {tile.items()});
    }
}
