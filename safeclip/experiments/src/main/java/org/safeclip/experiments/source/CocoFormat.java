package org.safeclip.experiments.source;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.safeclip.settings.InvalidInputException;
import tools.jackson.databind.JsonNode;

/**
 * COCO's captions in both layouts: the original, with images and annotations joined by id, in any order; and that of Karpathy's
 * splits, with the sentences in the images, of which the training part is read (COCO and Flickr alike).
 */
public final class CocoFormat implements SourceFormat {
    private static final String SENTENCES = "sentences";

    /** The format. */
    public CocoFormat() {}

    @Override
    public String name() {
        return "COCO captions";
    }

    @Override
    public boolean recognises(FileStart start) {
        String text = start.text().stripLeading();
        if (!text.startsWith("{")) {
            return false;
        }
        List<String> fields = JsonText.fields(text);
        return fields.contains("images") || fields.contains("annotations");
    }

    @Override
    public Source open(List<Path> files) {
        return new ListSource(name(), files.getFirst(), CocoFormat::read);
    }

    private static int read(Path file, Source.Visitor visitor) throws IOException {
        Long2ObjectOpenHashMap<String> names = new Long2ObjectOpenHashMap<>();
        Places places = new Places(file);
        int[] row = {0};
        boolean images = JsonText.each(file, "images", image -> {
            if (image.has(SENTENCES)) {
                row[0] = karpathy(image, places, row[0], visitor);
            } else {
                names.put(image.path("id").asLong(-1), JsonText.text(image, List.of("file_name")));
            }
        });
        boolean annotations = JsonText.each(file, "annotations", annotation -> {
            original(annotation, names, places, row[0], visitor);
            row[0]++;
        });
        if (!images || (row[0] == 0 && !annotations)) {
            throw new InvalidInputException(file + ": has no " + (images ? "annotations" : "images")
                    + "; expected COCO's captions, such as captions_train2017.json");
        }
        return row[0];
    }

    private static void original(
            JsonNode annotation, Long2ObjectOpenHashMap<String> names, Places places, int row, Source.Visitor visitor)
            throws IOException {
        String place = "annotation " + annotation.path("id").asString("number " + row);
        String caption = JsonText.text(annotation, List.of("caption"));
        String name = names.get(annotation.path("image_id").asLong(-1));
        if (name == null || name.isEmpty()) {
            visitor.leftOut("an image_id that no image has", place);
        } else if (caption.isEmpty()) {
            visitor.leftOut("no caption", place);
        } else {
            visitor.pair(new SourcePair(row, 0, name, places.picture(name), caption));
        }
    }

    private static int karpathy(JsonNode image, Places places, int first, Source.Visitor visitor) throws IOException {
        String folder = JsonText.text(image, List.of("filepath"));
        String name = JsonText.text(image, List.of("filename", "file_name"));
        String path = folder.isEmpty() ? name : folder + "/" + name;
        String split = JsonText.text(image, List.of("split"));
        boolean trained = split.isEmpty() || split.equals("train") || split.equals("restval");
        int row = first;
        for (JsonNode sentence : image.path(SENTENCES)) {
            String caption = JsonText.text(sentence, List.of("raw"));
            if (!trained) {
                visitor.leftOut("of the split " + split, path);
            } else if (caption.isEmpty()) {
                visitor.leftOut("no caption", path);
            } else {
                visitor.pair(new SourcePair(row, 0, path, places.picture(path), caption));
            }
            row++;
        }
        return row;
    }

    /** Where the images of a file of captions are; found when the first image is read. */
    private static final class Places {
        private final Path root;
        private final List<Path> candidates = new ArrayList<>();
        private boolean chosen;

        Places(Path file) {
            Path folder =
                    Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
            boolean apart = String.valueOf(folder.getFileName()).equals("annotations") && folder.getParent() != null;
            this.root = apart ? Objects.requireNonNull(folder.getParent()) : folder;
            String set = String.valueOf(file.getFileName())
                    .replaceFirst("^(captions|dataset)_", "")
                    .replaceFirst("\\.json(\\.gz)?$", "");
            for (String place : List.of(set, "images/" + set, "images", "")) {
                candidates.add(root.resolve(place));
            }
        }

        Picture picture(String name) {
            if (!chosen) {
                chosen = true;
                Path first = candidates.getFirst();
                for (Path candidate : List.copyOf(candidates)) {
                    if (FilePicture.in(candidate, name) instanceof FilePicture found && Files.exists(found.file())) {
                        first = candidate;
                        break;
                    }
                }
                candidates.clear();
                candidates.add(first);
            }
            return FilePicture.in(
                    root, root.relativize(candidates.getFirst()).resolve(name).toString());
        }
    }
}
