package org.safeclip.model;

import java.util.List;
import org.safeclip.nn.Layer;
import org.safeclip.nn.TransformerBlock;
import org.safeclip.tensor.Tensor;

/**
 * A stack of blocks.
 *
 * @param resblocks first to last
 */
public record Transformer(List<TransformerBlock> resblocks) implements Layer {
    @Override
    public Tensor apply(Tensor x) { // [B, T, D] -> [B, T, D]
        Tensor y = x;
        for (TransformerBlock block : resblocks) {
            y = block.apply(y);
        }
        return y;
    }
}
