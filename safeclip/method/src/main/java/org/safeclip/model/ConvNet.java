package org.safeclip.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.safeclip.nn.BatchNorm2d;
import org.safeclip.nn.Conv2d;
import org.safeclip.nn.Initialisers;
import org.safeclip.nn.LayerNorm;
import org.safeclip.nn.Module;
import org.safeclip.nn.Named;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

/**
 * A small image encoder for small images: 3x3 convolutions that halve the side, and a projection of all that is left. On
 * a few thousand images it learns in fewer steps than a transformer, which has to learn which
 * pixels are neighbours.
 *
 * @param stages first to last
 * @param norm of the flattened last map
 * @param projection {@code [flattened, E]}
 */
public record ConvNet(
        List<Stage> stages,
        @Named("ln_post") LayerNorm norm,
        @Named("proj") Tensor projection) implements ImageEncoder {

    /**
     * max(0, norm(conv(x))): half the side.
     *
     * @param conv 3x3, stride 2, without bias, which the norm would take away again
     * @param norm by channel
     */
    public record Stage(Conv2d conv, @Named("bn") BatchNorm2d norm) implements Module {
        Tensor apply(Tensor x, Mode mode) { // [B, C, S, S] -> [B, C', S/2, S/2]
            return mode.rectified(norm, conv.apply(x));
        }
    }

    /** Keeps its own copy of the list. */
    public ConvNet {
        stages = List.copyOf(stages);
    }

    /** A fresh encoder: He's initial values for the convolutions, CLIP's for the projection. */
    public static ConvNet random(ClipConfig config, Backend backend, RandomGenerator random) {
        List<Stage> stages = new ArrayList<>();
        int channels = 3;
        for (int out : config.vision().stem()) {
            Conv2d conv = Conv2d.random(channels, out, 3, 2, backend, random);
            stages.add(new Stage(conv, BatchNorm2d.of(out, backend)));
            channels = out;
        }
        int flattened = channels * config.imageTokens();
        Tensor projection =
                Initialisers.normal(backend, random, Initialisers.widthStd(flattened), flattened, config.embedding());
        return new ConvNet(stages, LayerNorm.of(flattened, backend), projection);
    }

    @Override
    public Tensor features(Tensor images, Mode mode) { // [B, 3, S, S] -> [B, E]
        Tensor x = images;
        for (Stage stage : stages) {
            x = stage.apply(x, mode);
        }
        return norm.apply(x.reshape(x.dim(0), -1)).matmul(projection);
    }
}
