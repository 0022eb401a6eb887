package org.safeclip.experiments.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.EmojiDataset;
import org.safeclip.experiments.dataset.EmojiImage;
import org.safeclip.experiments.source.Source;
import org.safeclip.experiments.source.SourceCatalogue;

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
                : ofSource(config.data().source());
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

    private static Map<Integer, String> ofSource(String place) throws IOException {
        Source source = SourceCatalogue.STANDARD.open(place);
        Path folder = source.place().toAbsolutePath().normalize().getParent();
        Map<Integer, String> names = new HashMap<>();
        source.read(pair -> names.put(pair.row(), shortened(pair.picture().name(), folder)));
        return names;
    }

    /** A path below the folder of the list becomes relative to it; other names stay. */
    private static String shortened(String name, @Nullable Path folder) {
        String above = folder == null ? "" : folder + File.separator;
        return name.startsWith(above) ? name.substring(above.length()) : name;
    }
}
