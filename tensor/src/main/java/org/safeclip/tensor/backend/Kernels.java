package org.safeclip.tensor.backend;

/**
 * Everything a device must be able to do: flat row-major float32 in, flat row-major float32 out (see the package for
 * the rules all kernels share).
 *
 * <p>The <em>basic kernels</em> suffice for all of deep learning. The <em>fused kernels</em> exist for speed alone:
 * each is defined by the composition of basic kernels in its comment, and tested against it.
 */
public interface Kernels {

    // ---- basic kernels

    /** y[i] = value, for n elements. */
    void fill(int n, float value, Storage y);

    /** y[i] = f(x[i]), for n elements. */
    void map(Unary f, int n, Storage x, Storage y);

    /** y[i] = scale · x[i] + shift, for n elements. */
    void affine(int n, float scale, float shift, Storage x, Storage y);

    /** y[i] = x[i] brought into low ... high, for n elements; NaN stays. */
    void clamp(int n, float low, float high, Storage x, Storage y);

    /** y[o, c, i] = f(a[o, c, i], b[c]): b has {@code count()} elements, a and y have {@code size()}. */
    void zip(Binary f, BroadcastShape broadcast, Storage a, Storage b, Storage y);

    /** y[c] = reduction over o and i of x[o, c, i]. */
    void reduce(Reduction reduction, BroadcastShape broadcast, Storage x, Storage y);

    /**
     * y[c] = Σ_r x[r, c], at once or any time before y is used or {@link #finishSums} returns; until then x must not
     * change. A device on which every launch is expensive collects such sums.
     */
    default void sumColumnsLater(MatrixShape shape, Storage x, Storage y) {
        reduce(Reduction.SUM, new BroadcastShape(shape.rows(), shape.cols(), 1), x, y);
    }

    /** Ends the time in which {@link #sumColumnsLater} may be late. */
    default void finishSums() {}

    /** Matrix product y = op(a)·op(b) for each of the batch. */
    void matmul(MatMulShape shape, Storage a, Storage b, Storage y);

    /** Reorders axes: axis j of y is axis {@code axes[j]} of x, whose shape is {@code dims}. */
    void permute(int[] dims, int[] axes, Storage x, Storage y);

    /** y[r, :] = x[ids[r], :] for {@code count} rows of {@code cols} numbers. */
    void gatherRows(int count, int cols, Storage x, IntStorage ids, Storage y);

    /** Adds to y: y[ids[r], :] += x[r, :] for {@code count} rows of {@code cols} numbers, r ascending. */
    void scatterAddRows(int count, int cols, Storage x, IntStorage ids, Storage y);

    /**
     * y[yOffset + r·yStride + c] = x[xOffset + r·xStride + c] for every row r and column c of the block. Numbers of y
     * outside the block stay.
     */
    void copyBlock(BlockCopy block, Storage x, Storage y);

    /** at[r] = column of the maximum of row r, the first where several are equal. */
    void argmax(int rows, int cols, Storage x, IntStorage at);

    /**
     * im2col, every window a row: y[(b, oy, ox), (c, ky, kx)] = x[b, c, oy·stride + ky − padding, ox·stride + kx −
     * padding], zero outside the image.
     */
    void unfold(WindowShape shape, Storage x, Storage y);

    /**
     * col2im, the transpose of {@link #unfold}: y[b, c, iy, ix] = Σ of the elements of x that unfold copies from there.
     */
    void fold(WindowShape shape, Storage x, Storage y);

    // ---- fused kernels

    /**
     * at[r] = row of pool {@code [candidates, width]} with the largest dot product with row r of x {@code [rows,
     * width]}, the first where several are equal: {@code matmul} with transposeB, then {@code argmax}, without storing
     * the matrix of products.
     */
    void nearest(int rows, int candidates, int width, Storage x, Storage pool, IntStorage at);

    /** Whether {@link #convolve} and its gradients beat {@link #unfold}, a product and {@link #permute} on this device. */
    boolean convolves(WindowShape windows);

    /**
     * Convolution (cross-correlation) of images x with weights w {@code [out, channels, kernel, kernel]}: y[b, o, oy, ox] =
     * Σ w[o, c, ky, kx] · x[b, c, oy·stride + ky − padding, ox·stride + kx − padding], zero outside the image. Equals:
     * {@link #unfold}, {@code matmul} with transposeB, {@link #permute}.
     */
    void convolve(WindowShape windows, int out, Storage x, Storage w, Storage y);

    /** Gradient of {@link #convolve} with respect to its images: dy·w, then {@link #fold}. */
    void convolveInputGradient(WindowShape windows, int out, Storage w, Storage dy, Storage dx);

    /** Gradient of {@link #convolve} with respect to its weights: dyᵀ times the unfolded images. */
    void convolveWeightGradient(WindowShape windows, int out, Storage x, Storage dy, Storage dw);

    /**
     * Moving average y = keep·y + take·x, in place: {@code affine} of both, then {@code zip(ADD)}. It may be late like
     * {@link #sumColumnsLater}: x must not change until y is used or {@link #finishSums} returns.
     */
    void movingAverage(int n, float keep, float take, Storage x, Storage y);

    /**
     * y = x·wᵀ + bias, {@code [rows, out]}: {@code matmul} with transposeB, then {@code zip(ADD)} over rows where there
     * is a bias.
     */
    void linear(LinearInput input, Storage y);

    /** y = residual + x·wᵀ + bias, residual {@code [rows, out]}: {@link #linear}, then {@code zip(ADD)}. */
    void linearAdd(LinearInput input, Storage residual, Storage y);

    /**
     * h = x·wᵀ + bias, which the gradient needs, and y = f(h), both {@code [rows, out]}: {@link #linear}, then {@link
     * #map}.
     */
    void linearMap(Unary f, LinearInput input, Storage h, Storage y);

    /**
     * Elementwise y = f(x, op(a)·op(b)), x and y of equal size: {@link #matmul}, then {@link #zip}. With an
     * activation's gradient for f it continues the backward pass dy·w through that activation, whose input was x.
     */
    void matmulZip(Binary f, MatMulShape shape, Storage a, Storage b, Storage x, Storage y);

    /** Softmax of every row: y = e^(x − max) / Σ_row e^(x − max). */
    void softmax(MatrixShape shape, Storage x, Storage y);

    /** Gradient of {@link #softmax} at its value y: dx = y·(dy − Σ_row dy·y). */
    void softmaxGradient(MatrixShape shape, Storage y, Storage dy, Storage dx);

    /**
     * Self-attention y = softmax(q·kᵀ/√headWidth [+ causal mask])·v for every head (Vaswani et al. 2017). qkv is {@code
     * [B, T, 3, H, headWidth]}, y is {@code [B, T, H, headWidth]}; {@code logSums [B, H, T]} receives ln Σ e^score of
     * every row for the gradient. Equals: slice q, k, v, permute to heads, matmul, softmax, matmul, permute back.
     */
    void attention(AttentionShape shape, Storage qkv, Storage y, Storage logSums);

    /** Gradient of {@link #attention} from its value y and its {@code logSums}: dqkv, in the layout of qkv. */
    void attentionGradient(AttentionShape shape, Storage qkv, Storage y, Storage logSums, Storage dy, Storage dqkv);

    /**
     * Layer normalisation of every row: y = γ·(x − mean)·rstd + β with rstd = 1/√(variance + epsilon), biased variance.
     * {@code mean} and {@code rstd}, each {@code [rows]}, are kept for the gradient. Equals: reduce, zip, map.
     */
    void layerNorm(MatrixShape shape, NormInput input, Storage y, Storage mean, Storage rstd);

    /** Gradient of {@link #layerNorm} from the mean and rstd it kept; β and epsilon are not read. */
    void layerNormGradient(
            MatrixShape shape, NormInput input, Storage mean, Storage rstd, Storage dy, NormGradients gradients);

    /**
     * Batch normalisation: y = γ·(x − mean)/√(variance + epsilon) + β with the statistics of this batch, x being {@code
     * [outer, channel, inner]}. {@code mean} and {@code variance} (biased), each {@code [channels]}, are kept for the
     * gradient. Equals: reduce, zip, map.
     */
    void batchNorm(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance);

    /** Gradient of {@link #batchNorm} from the mean and variance it kept; β is not read. */
    void batchNormGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage dy,
            NormGradients gradients);

    /** y = max(0, normalised x): {@link #batchNorm}, then {@link #map} with RELU. */
    void batchNormRelu(BroadcastShape channels, NormInput input, Storage y, Storage mean, Storage variance);

    /**
     * Gradient of {@link #batchNormRelu} from its value y, mean and variance: {@link #zip} with RELU_GRADIENT of y and dy,
     * then {@link #batchNormGradient}.
     */
    void batchNormReluGradient(
            BroadcastShape channels,
            NormInput input,
            Storage mean,
            Storage variance,
            Storage y,
            Storage dy,
            NormGradients gradients);

    /** Row-wise y = x / max(‖x‖₂, epsilon); {@code norms [rows]} receives max(‖x‖₂, epsilon) for the gradient. */
    void l2Normalize(MatrixShape shape, float epsilon, Storage x, Storage y, Storage norms);

    /**
     * Gradient of {@link #l2Normalize} from its value y and norms: dx = (dy − y·Σ_row y·dy) / norm, and dy / norm where
     * the norm is epsilon.
     */
    void l2NormalizeGradient(MatrixShape shape, float epsilon, Storage y, Storage norms, Storage dy, Storage dx);

    /**
     * Cross-entropy of every row of logits: losses[r] = ln Σ_j e^logits[r, j] − logits[r, targets[r]]. {@code logSums
     * [rows]} keeps the first term for the gradient.
     */
    void crossEntropy(MatrixShape shape, Storage logits, IntStorage targets, Storage losses, Storage logSums);

    /**
     * Gradient of {@link #crossEntropy} from the {@code logSums} it kept: dx[r, j] = dlosses[r]·(e^(logits[r, j] −
     * logSums[r]) − [j = targets[r]]).
     */
    void crossEntropyGradient(
            MatrixShape shape, Storage logits, IntStorage targets, Storage logSums, Storage dlosses, Storage dx);

    /**
     * One AdamW step (Loshchilov and Hutter 2019) over n parameters p with gradient g, in place: m ← β₁m + (1 − β₁)g, v
     * ← β₂v + (1 − β₂)g², p ← p − rate·decay·p − rate·m̂/(√v̂ + ε) with bias-corrected m̂ and v̂.
     */
    void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v);
}
