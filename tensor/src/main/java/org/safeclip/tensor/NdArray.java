package org.safeclip.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.BroadcastShape;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.Reduction;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

/**
 * A float32 array with a shape on a backend, without history. Every method returns a new array (reshape shares the
 * storage), except {@link #set}, {@link #setRows} and those that end in {@code InPlace}, which overwrite this one.
 *
 * @param backend where the numbers live
 * @param shape sizes of the axes
 * @param storage the numbers, row-major
 */
public record NdArray(Backend backend, Shape shape, Storage storage) {

    // ---- making and reading

    /** A new array of this shape, contents undefined. */
    public static NdArray empty(Backend backend, Shape shape) {
        return new NdArray(backend, shape, backend.allocate(shape.size()));
    }

    /** A new array whose elements all have this value. */
    public static NdArray full(Backend backend, Shape shape, float value) {
        NdArray y = empty(backend, shape);
        backend.kernels().fill(shape.size(), value, y.storage);
        return y;
    }

    /** A new array of zeros. */
    public static NdArray zeros(Backend backend, Shape shape) {
        return full(backend, shape, 0);
    }

    /**
     * A new array with a copy of these numbers, row-major.
     *
     * @throws ShapeException if there are not as many as the shape has elements
     */
    public static NdArray of(Backend backend, Shape shape, float... numbers) {
        NdArray y = empty(backend, shape);
        y.set(numbers);
        return y;
    }

    /** A new array with a copy of {@code numbers[from ...]}, as many as the shape has elements. */
    public static NdArray of(Backend backend, Shape shape, float[] numbers, int from) {
        NdArray y = empty(backend, shape);
        y.storage.write(numbers, from, shape.size());
        return y;
    }

    /**
     * Overwrites all elements, row-major.
     *
     * @throws ShapeException if there are not as many numbers as elements
     */
    public void set(float... numbers) {
        if (numbers.length != shape.size()) {
            throw new ShapeException("set: " + numbers.length + " numbers for an array of shape " + shape);
        }
        storage.write(numbers, 0, numbers.length);
    }

    /** A copy of the elements on the host, row-major; waits for the device. */
    public float[] toArray() {
        float[] numbers = new float[shape.size()];
        storage.read(numbers, 0, numbers.length);
        return numbers;
    }

    /**
     * The value of an array of one element; waits for the device.
     *
     * @throws ShapeException if there is not exactly one
     */
    public float item() {
        if (shape.size() != 1) {
            throw new ShapeException("item: shape " + shape + " is not one number");
        }
        return toArray()[0];
    }

    /** Size of an axis; a negative axis counts from the end. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    Kernels kernels() {
        return backend.kernels();
    }

    NdArray empty(Shape of) {
        return empty(backend, of);
    }

    // ---- shape

    /**
     * This array in another shape, sharing its storage; one size may be −1 and is then inferred.
     *
     * @throws ShapeException if the number of elements differs
     */
    public NdArray reshape(int... dims) {
        int[] sizes = dims.clone();
        int known = 1;
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && open < 0) {
                open = i;
            } else {
                known *= sizes[i];
            }
        }
        if (open >= 0 && known > 0) {
            sizes[open] = shape.size() / known;
        }
        boolean whole = true;
        for (int size : sizes) {
            whole &= size >= 0;
        }
        Shape result = whole ? new Shape(sizes) : null;
        if (result == null || result.size() != shape.size()) {
            throw new ShapeException("reshape: " + shape + " has " + shape.size() + " numbers and cannot become "
                    + Arrays.toString(dims));
        }
        return new NdArray(backend, result, storage);
    }

    /** A copy with reordered axes: axis j of the result is axis {@code axes[j]} of this array. */
    public NdArray permute(int... axes) {
        int[] dims = new int[axes.length];
        boolean[] seen = new boolean[shape.rank()];
        for (int j = 0; j < axes.length; j++) {
            if (axes.length != shape.rank() || axes[j] < 0 || axes[j] >= axes.length || seen[axes[j]]) {
                throw new ShapeException("permute: " + Arrays.toString(axes) + " is no order of the axes of " + shape);
            }
            seen[axes[j]] = true;
            dims[j] = shape.dim(axes[j]);
        }
        NdArray y = empty(new Shape(dims));
        kernels().permute(shape.dims(), axes, storage, y.storage);
        return y;
    }

    /** A copy of the part {@code [start, end)} of one axis. */
    public NdArray slice(int axis, int start, int end) {
        int at = shape.axis(axis);
        if (start < 0 || end < start || end > shape.dim(at)) {
            throw new ShapeException("slice: [" + start + ", " + end + ") of axis " + axis + " of " + shape);
        }
        NdArray y = empty(shape.with(at, end - start));
        int inner = shape.size(at + 1, shape.rank());
        int cols = (end - start) * inner;
        BlockCopy block = new BlockCopy(shape.size(0, at), cols, start * inner, shape.dim(at) * inner, 0, cols);
        kernels().copyBlock(block, storage, y.storage);
        return y;
    }

    /**
     * Concatenates arrays along an axis.
     *
     * @throws ShapeException if their other sizes differ
     */
    public static NdArray concat(int axis, NdArray... parts) {
        Shape first = parts[0].shape;
        int at = first.axis(axis);
        int total = 0;
        for (NdArray part : parts) {
            if (part.shape.rank() != first.rank() || !part.shape.with(at, 0).equals(first.with(at, 0))) {
                throw new ShapeException("concat along axis " + axis + ": " + first + " and " + part.shape);
            }
            total += part.shape.dim(at);
        }
        NdArray y = parts[0].empty(first.with(at, total));
        int inner = first.size(at + 1, first.rank());
        int offset = 0;
        for (NdArray part : parts) {
            int cols = part.shape.dim(at) * inner;
            if (cols > 0) {
                BlockCopy block = new BlockCopy(first.size(0, at), cols, 0, cols, offset, total * inner);
                y.kernels().copyBlock(block, part.storage, y.storage);
            }
            offset += cols;
        }
        return y;
    }

    // ---- arithmetic

    /** f of every element. */
    public NdArray map(Unary f) {
        NdArray y = empty(shape);
        kernels().map(f, shape.size(), storage, y.storage);
        return y;
    }

    /** scale · x + shift for every element x. */
    public NdArray affine(float scale, float shift) {
        NdArray y = empty(shape);
        kernels().affine(shape.size(), scale, shift, storage, y.storage);
        return y;
    }

    /** Elementwise this + other, with NumPy broadcasting. */
    public NdArray add(NdArray other) {
        return zip(Binary.ADD, other);
    }

    /** Elementwise this − other, with NumPy broadcasting. */
    public NdArray sub(NdArray other) {
        return zip(Binary.SUB, other);
    }

    /** Elementwise this · other, with NumPy broadcasting. */
    public NdArray mul(NdArray other) {
        return zip(Binary.MUL, other);
    }

    /** Elementwise this / other, with NumPy broadcasting. */
    public NdArray div(NdArray other) {
        return zip(Binary.DIV, other);
    }

    /**
     * Elementwise f(this, other), with NumPy broadcasting.
     *
     * @throws ShapeException if the shapes do not broadcast
     */
    public NdArray zip(Binary f, NdArray other) {
        Shape result = Broadcast.common(f.name(), shape, other.shape);
        NdArray a = expand(result);
        Shape small = Broadcast.aligned(other.shape, result.rank());
        boolean[] kept = new boolean[result.rank()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = small.dim(i) == result.dim(i);
        }
        BroadcastShape broadcast = Broadcast.layout(result, kept);
        NdArray b = broadcast == null ? other.expand(result) : other;
        NdArray y = empty(result);
        kernels()
                .zip(
                        f,
                        broadcast == null ? BroadcastShape.same(result.size()) : broadcast,
                        a.storage,
                        b.storage,
                        y.storage);
        return y;
    }

    /** Adds an array of equal shape to this one, in place. */
    public void addInPlace(NdArray other) {
        if (!shape.equals(other.shape)) {
            throw new ShapeException("addInPlace: " + other.shape + " to " + shape);
        }
        kernels().zip(Binary.ADD, BroadcastShape.same(shape.size()), storage, other.storage, storage);
    }

    /** Brings every element into low ... high, in place. */
    public void clampInPlace(float low, float high) {
        kernels().clamp(shape.size(), low, high, storage, storage);
    }

    /**
     * Moves this array towards another of equal shape, in place: keep·this + take·other. The other must not be
     * overwritten before this one is used or a backward pass ends.
     */
    public void averageInPlace(float keep, float take, NdArray other) {
        if (!shape.equals(other.shape)) {
            throw new ShapeException("averageInPlace: " + other.shape + " with " + shape);
        }
        kernels().movingAverage(shape.size(), keep, take, other.storage, storage);
    }

    /**
     * Sums of the columns of this matrix, the last axis being the columns: {@code [cols]}. The device may take its time
     * until the backward pass is over; see {@link Kernels#sumColumnsLater}.
     */
    NdArray sumColumnsLater() {
        NdArray y = empty(Shape.of(dim(-1)));
        kernels().sumColumnsLater(matrix(), storage, y.storage);
        return y;
    }

    /** A copy broadcast to a shape: axes of size 1 are repeated. */
    private NdArray expand(Shape to) {
        NdArray x = new NdArray(backend, Broadcast.aligned(shape, to.rank()), storage);
        for (int axis = 0; axis < to.rank(); axis++) {
            int times = to.dim(axis);
            if (x.shape.dim(axis) != times) {
                NdArray y = empty(x.shape.with(axis, times));
                int rows = x.shape.size(0, axis);
                int cols = x.shape.size(axis, to.rank());
                for (int t = 0; t < times; t++) {
                    kernels()
                            .copyBlock(
                                    new BlockCopy(rows, cols, 0, cols, t * cols, times * cols), x.storage, y.storage);
                }
                x = y;
            }
        }
        return x;
    }

    /** Sum over these axes, which are removed; without arguments over all. */
    public NdArray sum(int... axes) {
        return reduce(Reduction.SUM, axes);
    }

    /** Maximum over these axes, which are removed; without arguments over all. */
    public NdArray max(int... axes) {
        return reduce(Reduction.MAX, axes);
    }

    private NdArray reduce(Reduction reduction, int... axes) {
        boolean[] kept = new boolean[shape.rank()];
        Arrays.fill(kept, axes.length > 0);
        for (int axis : axes) {
            kept[shape.axis(axis)] = false;
        }
        int[] order = new int[shape.rank()];
        int[] dims = new int[shape.rank()];
        int left = 0;
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                order[left] = i;
                dims[left++] = shape.dim(i);
            }
        }
        Shape result = new Shape(Arrays.copyOf(dims, left));
        BroadcastShape broadcast = Broadcast.layout(shape, kept);
        NdArray x = this;
        if (broadcast == null) {
            for (int i = 0, next = left; i < kept.length; i++) {
                if (!kept[i]) {
                    order[next++] = i;
                }
            }
            x = permute(order);
            broadcast = new BroadcastShape(1, result.size(), shape.size() / Math.max(1, result.size()));
        }
        NdArray y = empty(result);
        kernels().reduce(reduction, broadcast, x.storage, y.storage);
        return y;
    }

    /** Sum over the axes that broadcasting from {@code to} had repeated: the gradient of {@link #expand}. */
    NdArray sumTo(Shape to) {
        Shape small = Broadcast.aligned(to, shape.rank());
        int[] repeated = new int[shape.rank()];
        int count = 0;
        for (int i = 0; i < shape.rank(); i++) {
            if (small.dim(i) != shape.dim(i)) {
                repeated[count++] = i;
            }
        }
        NdArray y = count == 0 ? this : sum(Arrays.copyOf(repeated, count));
        return new NdArray(backend, to, y.storage);
    }

    // ---- products and rows

    /**
     * Matrix product {@code [.., m, k]·[.., k, n]} to {@code [.., m, n]}, batched over the leading axes.
     *
     * @throws ShapeException if k or the leading axes differ
     */
    public NdArray matmul(NdArray other) {
        return matmul(other, false, false);
    }

    /** Matrix product this·otherᵀ, {@code [.., m, k]} by {@code [.., n, k]}; no transposed copy is made. */
    public NdArray matmulTransposed(NdArray other) {
        return matmul(other, false, true);
    }

    /** Matrix product thisᵀ·other, {@code [.., k, m]} by {@code [.., k, n]}; no transposed copy is made. */
    public NdArray transposedMatmul(NdArray other) {
        return matmul(other, true, false);
    }

    NdArray matmul(NdArray other, boolean transposeA, boolean transposeB) {
        int rank = shape.rank();
        boolean fits = rank >= 2 && other.shape.rank() == rank;
        for (int i = 0; fits && i < rank - 2; i++) {
            fits = shape.dim(i) == other.shape.dim(i);
        }
        int m = fits ? dim(transposeA ? -1 : -2) : 0;
        int k = fits ? dim(transposeA ? -2 : -1) : 0;
        int n = fits ? other.dim(transposeB ? -2 : -1) : 0;
        if (!fits || other.dim(transposeB ? -1 : -2) != k) {
            throw new ShapeException("matmul: " + shape + (transposeA ? " transposed" : "") + " by " + other.shape
                    + (transposeB ? " transposed" : "") + "; inner sizes and batches must agree");
        }
        NdArray y = empty(shape.with(-2, m).with(-1, n));
        MatMulShape sizes = new MatMulShape(shape.size(0, rank - 2), m, n, k, transposeA, transposeB);
        kernels().matmul(sizes, storage, other.storage, y.storage);
        return y;
    }

    /** Linear layer this·wᵀ + bias on the last axis: {@code [.., in]} to {@code [.., out]}, w {@code [out, in]}. */
    public NdArray linear(NdArray w, @Nullable NdArray bias) {
        NdArray y = empty(linearShape(w, bias));
        kernels().linear(linearInput(w, bias), y.storage);
        return y;
    }

    /** residual + this·wᵀ + bias, residual {@code [.., out]}. */
    NdArray linearAdd(NdArray w, NdArray bias, NdArray residual) {
        NdArray y = empty(linearShape(w, bias));
        if (!residual.shape.equals(y.shape)) {
            throw new ShapeException("linearAdd: residual " + residual.shape + " and product " + y.shape + " differ");
        }
        kernels().linearAdd(linearInput(w, bias), residual.storage, y.storage);
        return y;
    }

    /** h = this·wᵀ + bias, and f(h). */
    NdArray[] linearMap(Unary f, NdArray w, NdArray bias) {
        NdArray h = empty(linearShape(w, bias));
        NdArray y = empty(h.shape);
        kernels().linearMap(f, linearInput(w, bias), h.storage, y.storage);
        return new NdArray[] {h, y};
    }

    private LinearInput linearInput(NdArray w, @Nullable NdArray bias) {
        int in = w.dim(1);
        Storage b = bias == null ? null : bias.storage;
        return new LinearInput(shape.size() / Math.max(1, in), in, w.dim(0), storage, w.storage, b);
    }

    private Shape linearShape(NdArray w, @Nullable NdArray bias) {
        int in = w.shape.rank() == 2 ? w.dim(1) : -1;
        if (shape.rank() == 0 || dim(-1) != in || (bias != null && !bias.shape.equals(Shape.of(w.dim(0))))) {
            throw new ShapeException("linear: x " + shape + ", weight " + w.shape + ", bias "
                    + (bias == null ? "none" : bias.shape) + "; expected [.., in], [out, in], [out]");
        }
        return shape.with(-1, w.dim(0));
    }

    /** Elementwise f(this, a·b) for a matrix product of this shape. */
    NdArray zipMatmul(Binary f, NdArray a, NdArray b) {
        NdArray y = empty(shape);
        MatMulShape sizes = MatMulShape.of(a.dim(0), b.dim(1), a.dim(1));
        kernels().matmulZip(f, sizes, a.storage, b.storage, storage, y.storage);
        return y;
    }

    /** A copy of the rows {@code ids[0 .. count)} of the first axis; ids may repeat. */
    public NdArray gatherRows(IntStorage ids, int count) {
        NdArray y = empty(shape.with(0, count));
        kernels().gatherRows(count, shape.size(1, shape.rank()), storage, ids, y.storage);
        return y;
    }

    /** An array of {@code rows} rows: row {@code ids[r]} is the sum of the rows r of this array, others are zero. */
    NdArray scatterRows(IntStorage ids, int rows) {
        NdArray y = zeros(backend, shape.with(0, rows));
        kernels().scatterAddRows(dim(0), shape.size(1, shape.rank()), storage, ids, y.storage);
        return y;
    }

    /** Column of the maximum of each row (last axis), the first where several are equal. */
    public IntStorage argmax() {
        IntStorage at = backend.allocateInts(rows());
        kernels().argmax(rows(), dim(-1), storage, at);
        return at;
    }

    /**
     * For each row of this matrix {@code [rows, width]} the row of the pool {@code [candidates, width]} with the
     * largest dot product, the first where several are equal.
     *
     * @throws ShapeException if the widths differ or the pool is empty
     */
    public IntStorage nearest(NdArray pool) {
        if (shape.rank() != 2 || pool.shape.rank() != 2 || dim(1) != pool.dim(1) || pool.dim(0) == 0) {
            throw new ShapeException("nearest: rows " + shape + " in a pool " + pool.shape
                    + "; expected [rows, width] and [candidates, width], one candidate at least");
        }
        IntStorage at = backend.allocateInts(dim(0));
        kernels().nearest(dim(0), pool.dim(0), dim(1), storage, pool.storage, at);
        return at;
    }

    /**
     * Overwrites rows of this array in place: row {@code at + r} becomes row r of {@code from}, for {@code count} rows.
     *
     * @throws ShapeException if the rows differ in size or do not fit
     */
    public void setRows(int at, NdArray from, int count) {
        if (shape.rank() == 0
                || from.shape.rank() == 0
                || !from.shape.with(0, 0).equals(shape.with(0, 0))
                || at < 0
                || count < 0
                || count > from.dim(0)
                || at > dim(0) - count) {
            throw new ShapeException("setRows: " + count + " rows of " + from.shape + " at row " + at + " of " + shape);
        }
        int cols = shape.size(1, shape.rank());
        kernels().copyBlock(new BlockCopy(count, cols, 0, cols, at * cols, cols), from.storage, storage);
    }

    /** Number of rows, the last axis being the columns. */
    int rows() {
        return shape.size(0, shape.rank() - 1);
    }

    /** This array as a matrix, the last axis being the columns. */
    MatrixShape matrix() {
        return new MatrixShape(rows(), dim(-1));
    }

    @Override
    public String toString() {
        return backend.name() + shape;
    }
}
