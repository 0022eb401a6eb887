package org.safeclip.experiments.attack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.safeclip.data.ImageAugmentation;
import org.safeclip.data.Pair;
import org.safeclip.data.Tokenizer;
import org.safeclip.model.ClipModel;
import org.safeclip.model.Mode;
import org.safeclip.model.Tokens;
import org.safeclip.nn.Module;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Scope;

/**
 * Projected gradient descent on the pixels (Madry et al. 2018): reduces the cosine of an image x and its caption T under a model,
 * with every pixel within {@code epsilon} levels of its start: x ← clip(x − α·sign(∂cos(I(x), T)/∂x)), α = 2.5·epsilon / steps.
 * The model is not changed.
 *
 * @param model the attacker's surrogate model, trained on clean pairs
 * @param tokenizer tokenizer of the model
 * @param context T, most tokens of a caption
 * @param epsilon largest change of a pixel, in levels of 255
 * @param steps gradient steps
 */
public record Pgd(ClipModel model, Tokenizer tokenizer, int context, int epsilon, int steps)
        implements LabelConsistent.Hardening {
    private static final int BATCH = 64;

    /**
     * Checks the settings.
     *
     * @throws InvalidInputException if epsilon is not 1 to 255 or there is no step
     */
    public Pgd {
        if (epsilon < 1 || epsilon > 255 || steps < 1) {
            throw new InvalidInputException("PGD of " + steps + " steps within " + epsilon
                    + " levels; expected at least 1 step (attack.pgdSteps) and 1 to 255 levels (attack.pgdEpsilon)");
        }
    }

    /** A hardening that loads the surrogate model on first use. */
    static LabelConsistent.Hardening lazily(AttackSettings settings, SurrogateLoader surrogates) {
        return pairs -> {
            if (settings.surrogate().isEmpty()) {
                throw new InvalidInputException(
                        "label-consistent-pgd needs a surrogate model: train one with 'train --method clip --out"
                                + " DIR' and give it as attack.surrogate=DIR/checkpoint.safetensors");
            }
            try (SurrogateLoader.Surrogate own = surrogates.load(Path.of(settings.surrogate()))) {
                return new Pgd(own.model(), own.tokenizer(), own.context(), settings.pgdEpsilon(), settings.pgdSteps())
                        .harden(pairs);
            } catch (IOException e) {
                throw new InvalidInputException("attack.surrogate " + settings.surrogate() + ": " + e.getMessage(), e);
            }
        };
    }

    @Override
    public List<byte[]> harden(List<Pair> pairs) {
        List<byte[]> hardened = new ArrayList<>(pairs.size());
        for (int from = 0; from < pairs.size(); from += BATCH) {
            batch(pairs.subList(from, Math.min(from + BATCH, pairs.size())), hardened);
        }
        return hardened;
    }

    private void batch(List<Pair> pairs, List<byte[]> out) {
        List<float[]> levels = new ArrayList<>(); // 0 to 255, rounded only after the last step
        for (Pair pair : pairs) {
            float[] x = Trigger.levels(pair.image());
            for (int i = 0; i < x.length; i++) {
                x[i] *= 255;
            }
            levels.add(x);
        }
        float alpha = 2.5f * epsilon / steps;
        for (int step = 0; step < steps; step++) {
            float[] slope = slope(pairs, levels);
            for (int p = 0; p < levels.size(); p++) {
                float[] x = levels.get(p);
                byte[] start = pairs.get(p).image();
                int plane = x.length / 3;
                for (int i = 0; i < x.length; i++) {
                    float down = x[i] - alpha * Math.signum(slope[p * x.length + i % 3 * plane + i / 3]);
                    int level = start[i] & 0xff;
                    x[i] = Math.clamp(down, Math.max(0, level - epsilon), Math.min(255, level + epsilon));
                }
            }
        }
        for (float[] x : levels) {
            byte[] image = new byte[x.length];
            for (int i = 0; i < x.length; i++) {
                image[i] = (byte) Math.round(x[i]);
            }
            out.add(image);
        }
    }

    /**
     * ∂ Σ cos / ∂ pixels, {@code [B, 3, S, S]}. Normalised pixels give the same sign, because the standard deviations are
     * positive.
     */
    @SuppressWarnings("try") // the scope is there to be closed
    private float[] slope(List<Pair> pairs, List<float[]> levels) {
        int size = levels.getFirst().length;
        int side = Trigger.side(pairs.getFirst().image());
        float[] pixels = new float[pairs.size() * size];
        int[] ids = new int[pairs.size() * context];
        for (int p = 0; p < pairs.size(); p++) {
            ImageAugmentation.plain(levels.get(p), pixels, p * size);
            int[] row = tokenizer.encode(pairs.get(p).caption(), context);
            System.arraycopy(row, 0, ids, p * context, context);
        }
        ClipModel frozen = Module.detached(model);
        try (Scope scope = model.backend().scope()) {
            NdArray images = NdArray.of(model.backend(), Shape.of(pairs.size(), 3, side, side), pixels);
            Tensor x = Tensor.parameter(images);
            Tensor imageEmbeddings =
                    frozen.visual().features(x, Mode.EVALUATION).l2Normalize(1e-12f);
            Tensor captionEmbeddings = frozen.embedTexts(new Tokens(pairs.size(), context, ids));
            return imageEmbeddings.mul(captionEmbeddings).sum().backward().of(x).toArray();
        }
    }
}
