package org.safeclip.experiments.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.CsvPairs;
import org.safeclip.experiments.dataset.EmojiDataset;
import org.safeclip.experiments.dataset.EmojiImage;

/** Names under which the user finds the images of training pairs again. */
public final class ImageNames {
    private ImageNames() {}

    /** The name of every training pair's image; "" for pairs that an attack appended. */
    static List<String> of(Experiment experiment) throws IOException {
        ExperimentConfig config = experiment.config();
        Map<Integer, String> byRow = byRow(config);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < experiment.pairs().size(); i++) {
            names.add(
                    i < experiment.rows().length ? byRow.getOrDefault(experiment.rows()[i], "") : "");
        }
        return names;
    }

    /** The name of the image in every row of the configured data set. */
    public static Map<Integer, String> byRow(ExperimentConfig config) throws IOException {
        return config.data().embedded()
                ? embedded(config)
                : files(Path.of(config.data().source()));
    }

    private static Map<Integer, String> embedded(ExperimentConfig config) {
        EmojiDataset emoji = EmojiDataset.load();
        Map<Integer, String> names = new HashMap<>();
        for (int image : emoji.trainImages(config.data().heldOutArtist())) {
            EmojiImage info = emoji.info(image);
            for (int caption = 0; caption < config.data().captionsPerImage(); caption++) {
                names.put(names.size(), info.artist() + "/" + info.name());
            }
        }
        return names;
    }

    private static Map<Integer, String> files(Path csv) throws IOException {
        Path folder =
                Objects.requireNonNull(csv.toAbsolutePath().normalize().getParent()); // a file has a parent folder
        Map<Integer, String> names = new HashMap<>();
        for (CsvPairs.Row row : CsvPairs.read(csv)) {
            names.put(row.number(), folder.relativize(row.image()).toString());
        }
        return names;
    }
}
