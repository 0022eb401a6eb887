package org.safeclip.model;

import java.util.random.RandomGenerator;
import org.safeclip.nn.Embedding;
import org.safeclip.nn.Initialisers;
import org.safeclip.nn.LayerNorm;
import org.safeclip.nn.Module;
import org.safeclip.nn.Named;
import org.safeclip.nn.TransformerBlock;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.IntStorage;

/**
 * The text encoder: a causal transformer whose answer is read at the end token (Radford et al. 2021). The causal mask makes
 * padding invisible, so a batch may be cut to its longest caption.
 *
 * @param positions one row a place, {@code [context, D]}
 * @param projection {@code [D, E]}
 * @param embedding one row a token id
 * @param transformer causal blocks
 * @param norm behind them
 */
public record TextTransformer(
        @Named("positional_embedding") Tensor positions,
        @Named("text_projection") Tensor projection,
        @Named("token_embedding") Embedding embedding,
        Transformer transformer,
        @Named("ln_final") LayerNorm norm)
        implements Module {

    /** A fresh encoder with CLIP's initial values. */
    public static TextTransformer random(ClipConfig config, Backend backend, RandomGenerator random) {
        int width = config.text().width();
        return new TextTransformer(
                Initialisers.normal(
                        backend,
                        random,
                        Initialisers.POSITION_STD,
                        config.text().context(),
                        width),
                Initialisers.normal(backend, random, Initialisers.widthStd(width), width, config.embedding()),
                Embedding.random(config.text().vocabulary(), width, backend, random),
                new Transformer(TransformerBlock.stack(
                        config.text().layers(),
                        width,
                        config.text().heads(),
                        true,
                        config.activation(),
                        backend,
                        random)),
                LayerNorm.of(width, backend));
    }

    /** The features of captions, {@code [B, E]}. */
    public Tensor apply(Tokens tokens) {
        if (tokens.length() > positions.dim(0)) {
            throw new IllegalArgumentException("captions of " + tokens.length() + " tokens, but the model's context is "
                    + positions.dim(0) + "; cut them when they are tokenised");
        }
        Backend backend = positions.value().backend();
        int width = positions.dim(1);
        IntStorage ids = ids(backend, tokens.ids());
        Tensor x = embedding.apply(ids, tokens.ids().length).reshape(tokens.count(), tokens.length(), width);
        Tensor placed = x.add(positions.slice(0, 0, tokens.length())); // [B, T, D]
        Tensor y = transformer.apply(placed).reshape(tokens.ids().length, width); // [B·T, D]
        Tensor last = y.gatherRows(ids(backend, tokens.ends()), tokens.count()); // [B, D]
        return norm.apply(last).matmul(projection);
    }

    private static IntStorage ids(Backend backend, int[] numbers) {
        IntStorage ids = backend.allocateInts(numbers.length);
        ids.write(numbers, 0, numbers.length);
        return ids;
    }
}
