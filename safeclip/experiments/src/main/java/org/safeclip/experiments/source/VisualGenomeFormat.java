package org.safeclip.experiments.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/**
 * Visual Genome's region descriptions: the caption of an image is up to five phrases of its regions, drawn by the number of the
 * image and joined by "; ": one pair for an image, as in the paper.
 */
public final class VisualGenomeFormat implements SourceFormat {
    private static final int PHRASES = 5;
    private static final List<String> FOLDERS =
            List.of("VG_100K", "VG_100K_2", "images/VG_100K", "images/VG_100K_2", "images", "");

    /** The format. */
    public VisualGenomeFormat() {}

    @Override
    public String name() {
        return "Visual Genome regions";
    }

    @Override
    public boolean recognises(FileStart start) {
        String text = start.text().stripLeading();
        return text.startsWith("[") && JsonText.fields(text).contains("regions");
    }

    @Override
    public Source open(List<Path> files) {
        return new ListSource(name(), files.getFirst(), VisualGenomeFormat::read);
    }

    private static int read(Path file, Source.Visitor visitor) throws IOException {
        Path root = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        int[] row = {0};
        JsonText.each(file, "", image -> {
            JsonNode id = image.has("id")
                    ? image.path("id")
                    : image.path("regions").path(0).path("image_id");
            long number = id.asLong(-1);
            String name = number + ".jpg";
            String caption = caption(image.path("regions"), number);
            if (number < 0) {
                visitor.leftOut("an image without id", "element " + row[0]);
            } else if (caption.isEmpty()) {
                visitor.leftOut("no caption", name);
            } else {
                visitor.pair(new SourcePair(row[0], 0, name, picture(root, name), caption));
            }
            row[0]++;
        });
        return row[0];
    }

    private static Picture picture(Path root, String name) {
        String folder = FOLDERS.stream()
                .filter(place -> Files.exists(root.resolve(place).resolve(name)))
                .findFirst()
                .orElse(FOLDERS.getFirst());
        return FilePicture.in(root, folder.isEmpty() ? name : folder + "/" + name);
    }

    private static String caption(JsonNode regions, long image) {
        List<String> phrases = new ArrayList<>();
        for (JsonNode region : regions) {
            String phrase = JsonText.text(region, List.of("phrase"));
            if (!phrase.isEmpty()) {
                phrases.add(phrase);
            }
        }
        SplittableRandom random = new SplittableRandom(image);
        int count = Math.min(PHRASES, phrases.size());
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, phrases.size());
            String swap = phrases.get(i);
            phrases.set(i, phrases.get(j));
            phrases.set(j, swap);
        }
        return String.join("; ", phrases.subList(0, count));
    }
}
