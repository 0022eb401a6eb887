package org.safeclip.experiments.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.safeclip.data.PairSet;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.ClassList;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.dataset.EmojiDataset;
import org.safeclip.experiments.eval.Ranking;
import org.safeclip.experiments.eval.ZeroShot;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.ImageNames;
import org.safeclip.experiments.run.SavedModel;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code search}: finds the images nearest to a text. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the images nearest to each text by a saved model, with their captions.")
final class SearchCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description = "a checkpoint of demo or train, or a .safetensors file of a published CLIP with --preset")
    private Path checkpoint = Path.of("");

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "TEXT", description = "such as \"red fruit\"")
    private List<String> texts = List.of();

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "5",
            description = "images per text (default: ${DEFAULT-VALUE})")
    private int top;

    @Option(names = "--held-out", description = "search only the images held out of training")
    private boolean heldOut;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "model of a published file, such as vit-b-32 or rn50, which then searches the embedded images")
    private @Nullable String preset;

    @Mixin
    private DeviceOptions options = new DeviceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, BackendUnavailable {
        if (top < 1) {
            throw new InvalidInputException("--top is " + top + ", expected at least 1");
        }
        try (Backend device = options.open()) {
            SavedModel saved = preset == null
                    ? SavedModel.load(checkpoint, device)
                    : SavedModel.published(checkpoint, ConfigFile.preset(preset, List.of()), device);
            List<Shown> images = saved.config().data().embedded() ? embedded(saved.config()) : own(saved.config());
            if (images.isEmpty()) {
                throw new InvalidInputException(saved.config().data().source() + ": no image was held out of training"
                        + " (data.heldOutShare); omit --held-out");
            }
            List<byte[]> pixels = images.stream().map(Shown::pixels).toList();
            ClassList asked = new ClassList(texts, texts.stream().map(List::of).toList());
            ZeroShot words = ZeroShot.of(
                    saved.model(),
                    asked,
                    saved.tokenizer(),
                    saved.config().model().text().context());
            float[] scores =
                    words.scores(saved.model(), pixels, saved.config().model().imageSize()); // [images, texts]
            for (int t = 0; t < texts.size(); t++) {
                print(images, column(scores, t), texts.get(t));
            }
        }
        return 0;
    }

    private List<Shown> embedded(ExperimentConfig config) {
        EmojiDataset emoji = EmojiDataset.load();
        int[] images = heldOut
                ? emoji.heldOutImages(config.data().heldOutArtist())
                : IntStream.range(0, emoji.size()).toArray();
        return IntStream.of(images)
                .mapToObj(i -> new Shown(
                        emoji.image(i), emoji.info(i).artist(), emoji.info(i).caption()))
                .toList();
    }

    /** The images of a csv file: held-out images with their names, training images once each with their first caption. */
    private List<Shown> own(ExperimentConfig config) throws IOException {
        Dataset dataset = Experiment.dataset(config);
        List<Shown> images = new ArrayList<>();
        dataset.heldOut().forEach(one -> images.add(new Shown(one.pixels(), one.name(), one.caption())));
        if (!heldOut) {
            PairSet train = dataset.train();
            Map<Integer, String> files = ImageNames.byRow(config);
            IntStream.of(train.firstShown())
                    .distinct()
                    .forEach(i -> images.add(
                            new Shown(train.image(i), files.getOrDefault(dataset.rows()[i], ""), train.caption(i))));
        }
        return images;
    }

    private float[] column(float[] scores, int t) {
        float[] column = new float[scores.length / texts.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = scores[i * texts.size() + t];
        }
        return column;
    }

    private void print(List<Shown> images, float[] scores, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Printable.text(text));
        for (int place : Ranking.top(scores, 0, scores.length, Math.min(top, scores.length))) {
            Shown image = images.get(place);
            out.printf(
                    Locale.ROOT,
                    "  %.3f  %-14s  %s%n",
                    scores[place],
                    Printable.text(image.origin()),
                    Printable.text(image.caption()));
        }
        out.flush();
    }

    /** An image to search, with its artist or origin. */
    private record Shown(byte[] pixels, String origin, String caption) {}
}
