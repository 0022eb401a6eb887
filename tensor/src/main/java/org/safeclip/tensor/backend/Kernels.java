package org.safeclip.tensor.backend;

/**
 * Everything a device must be able to do: flat row-major float32 in, flat row-major float32 out (see the package for the
 * rules all kernels share).
 *
 * <p>The first group is all of deep learning. The second, the <em>fused kernels</em>, exists for speed alone: each is
 * defined by the composition of basic kernels in its comment, and tested against it.
 */
public interface Kernels {

    // ---- basic kernels

    /** y[i] = value. */
    void fill(int n, float value, Storage y);

    /** y[i] = f(x[i]). */
    void map(Unary f, int n, Storage x, Storage y);

    /** y[i] = scale · x[i] + shift. */
    void affine(int n, float scale, float shift, Storage x, Storage y);

    /** y[o, c, i] = f(a[o, c, i], b[c]): b has {@code broadcast.count()} numbers, a and y have {@code broadcast.size()}. */
    void zip(Binary f, BroadcastShape broadcast, Storage a, Storage b, Storage y);

    /** y[c] = reduction over o and i of x[o, c, i]. */
    void reduce(Reduction reduction, BroadcastShape broadcast, Storage x, Storage y);

    /** y = op(a)·op(b) for each of the batch. */
    void matmul(MatMulShape shape, Storage a, Storage b, Storage y);

    /** Reorders axes: axis j of y is axis {@code axes[j]} of x, whose sizes are {@code dims}. */
    void permute(int[] dims, int[] axes, Storage x, Storage y);

    /** y[r, :] = x[ids[r], :] for {@code count} rows of {@code cols} numbers. */
    void gatherRows(int count, int cols, Storage x, IntStorage ids, Storage y);

    /** Adds to: y[ids[r], :] += x[r, :], r in ascending order. */
    void scatterAddRows(int count, int cols, Storage x, IntStorage ids, Storage y);

    /**
     * y[yOffset + r·yStride + c] = x[xOffset + r·xStride + c] for every row r and column c of the block. Numbers of y outside
     * the block stay.
     */
    void copyBlock(BlockCopy block, Storage x, Storage y);

    /** at[r] = column of the largest number of row r, the first one where several are equal. */
    void argmax(int rows, int cols, Storage x, IntStorage at);

    /**
     * Lays the numbers under each window in a row: y[(b, oy, ox), (c, ky, kx)] = x[b, c, oy·stride + ky − padding,
     * ox·stride + kx − padding], zero outside ("im2col").
     */
    void unfold(WindowShape shape, Storage x, Storage y);

    /** The transpose of {@link #unfold}: y[b, c, iy, ix] = sum of all numbers of x that unfold would have copied there. */
    void fold(WindowShape shape, Storage x, Storage y);

    // ---- fused kernels

    /**
     * at[r] = row of pool {@code [candidates, width]} with the largest dot product with row r of x {@code [rows, width]},
     * the first one where several are equal: {@code matmul} with transposeB, then {@code argmax}, without keeping the
     * matrix of all products.
     */
    void nearest(int rows, int candidates, int width, Storage x, Storage pool, IntStorage at);

    /**
     * y = x·wᵀ + bias, {@code [rows, out]}: {@code matmul} with transposeB, then {@code zip(ADD)} over rows where there is a
     * bias.
     */
    void linear(LinearInput input, Storage y);

    /** y = residual + x·wᵀ + bias, residual {@code [rows, out]}: {@link #linear}, then {@code zip(ADD)}. */
    void linearAdd(LinearInput input, Storage residual, Storage y);

    /** h = x·wᵀ + bias, which the gradient needs, and y = f(h), both {@code [rows, out]}: {@link #linear}, then {@link #map}. */
    void linearMap(Unary f, LinearInput input, Storage h, Storage y);

    /**
     * y = f(x, op(a)·op(b)) by element, x and y of equal size: {@link #matmul}, then {@link #zip}. With a gradient for f
     * it takes dy·w on through the function whose input was x.
     */
    void matmulZip(Binary f, MatMulShape shape, Storage a, Storage b, Storage x, Storage y);

    /** Row-wise softmax: e^(x − max) divided by its sum. */
    void softmax(MatrixShape shape, Storage x, Storage y);

    /** Gradient of {@link #softmax} at its value y: dx = y·(dy − Σ_row dy·y). */
    void softmaxGradient(MatrixShape shape, Storage y, Storage dy, Storage dx);

    /**
     * Self-attention y = softmax(q·kᵀ/√headWidth [+ causal mask])·v for every head. qkv is {@code [B, T, 3, H,
     * headWidth]}, y is {@code [B, T, H, headWidth]}; {@code logSums [B, H, T]} receives ln Σ e^score of every row, all
     * that the gradient needs besides qkv and y. Equals: slice q, k, v, permute to heads, matmul, softmax, matmul,
     * permute back.
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

    /** Row-wise y = x / max(‖x‖₂, epsilon); {@code norms [rows]} receives max(‖x‖₂, epsilon) for the gradient. */
    void l2Normalize(MatrixShape shape, float epsilon, Storage x, Storage y, Storage norms);

    /**
     * Gradient of {@link #l2Normalize} from its value y and norms: dx = (dy − y·Σ_row y·dy) / norm, and dy / norm where the
     * norm is epsilon.
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
     * One AdamW step over n parameters, in place: p ← p − rate·decay·p, moments m and v move towards g and g², p ← p −
     * rate·m̂/(√v̂ + ε) with bias-corrected moments.
     */
    void adamW(AdamStep step, int n, Storage p, Storage g, Storage m, Storage v);
}
