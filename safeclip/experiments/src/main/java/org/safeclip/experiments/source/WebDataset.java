package org.safeclip.experiments.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The samples of tar shards. The key of a sample is the path of its members up to the first dot of the base name; the rest is the
 * extension. Captions are in {@code txt} (or {@code caption}), else in the field caption of {@code json}.
 *
 * @param format what it is
 * @param files the shards in order
 */
record WebDataset(String format, List<Path> files) implements Source {
    private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp");
    private static final Set<String> TEXTS = Set.of("txt", "caption", "text");
    private static final int MOST_TEXT = 1 << 20; // bytes of a caption or of a json member
    private static final int BUFFER = 1 << 16;

    @Override
    public int read(Visitor visitor) throws IOException {
        Rows rows = new Rows(visitor);
        for (Path shard : files) {
            shard(shard, rows);
        }
        return rows.count;
    }

    private static void shard(Path shard, Rows rows) throws IOException {
        boolean gzipped = FileStart.of(shard).gzipped();
        Sample sample = null;
        try (TarReader tar = new TarReader(shard, new BufferedInputStream(FileStart.open(shard), BUFFER))) {
            for (TarReader.Member member = tar.next(); member != null; member = tar.next()) {
                Name name = Name.of(member.name());
                if (name == null) {
                    continue;
                }
                if (sample == null || !sample.takes(name)) {
                    rows.add(sample);
                    sample = new Sample(shard, name.key());
                }
                sample.add(name, member, tar, gzipped);
            }
            rows.add(sample);
        } catch (EOFException | ZipException e) { // the samples before are whole
            rows.cutOff(shard, sample, e);
        }
    }

    /**
     * A member's name.
     *
     * @param key the sample it belongs to
     * @param extension what it is, in lower case
     */
    private record Name(String key, String extension) {
        /** The parts of a name; null if the member belongs to no sample. */
        static @Nullable Name of(String name) {
            int base = name.lastIndexOf('/') + 1;
            int dot = name.indexOf('.', base);
            return dot <= base || name.startsWith("__", base)
                    ? null
                    : new Name(name.substring(0, dot), name.substring(dot + 1).toLowerCase(Locale.ROOT));
        }
    }

    /** The members of a sample so far. */
    private static final class Sample {
        private final Path shard;
        private final String key;
        private final Set<String> extensions = new HashSet<>();
        private @Nullable Picture picture;
        private @Nullable String text;
        private @Nullable String json;
        private @Nullable String problem;

        Sample(Path shard, String key) {
            this.shard = shard;
            this.key = key;
        }

        boolean takes(Name name) {
            return name.key().equals(key) && !extensions.contains(name.extension());
        }

        void add(Name name, TarReader.Member member, TarReader tar, boolean gzipped) throws IOException {
            extensions.add(name.extension());
            if (IMAGES.contains(name.extension())) {
                boolean held = gzipped && member.size() <= 1 << 29;
                picture = held
                        ? Picture.of(shard + ", " + member.name(), tar.content(member))
                        : new ArchivedPicture(shard, member.name(), member.offset(), member.size());
            } else if (TEXTS.contains(name.extension()) || name.extension().equals("json")) {
                if (member.size() > MOST_TEXT) {
                    problem = "a caption of more than 1 MiB";
                } else if (name.extension().equals("json")) {
                    json(tar.content(member));
                } else {
                    text = new String(tar.content(member), StandardCharsets.UTF_8).strip();
                }
            }
        }

        private void json(byte[] content) {
            try {
                JsonNode object = JsonText.MAPPER.readTree(content);
                json = JsonText.text(object, List.of("caption", "text"));
                String status = JsonText.text(object, List.of("status"));
                if (!status.isEmpty() && !status.equals("success")) {
                    problem = "download failed (status of the json)";
                }
            } catch (JacksonException e) {
                problem = "json that is none";
            }
        }

        private String caption() {
            return text != null && !text.isEmpty() ? text : json != null ? json : "";
        }
    }

    /** Turns samples into pairs and counts them. */
    private static final class Rows {
        private final Visitor visitor;
        private int count;

        Rows(Visitor visitor) {
            this.visitor = visitor;
        }

        void add(@Nullable Sample sample) throws IOException {
            if (sample == null) {
                return;
            }
            Picture picture = sample.picture;
            String place = sample.shard + ", " + sample.key;
            if (picture == null) {
                visitor.leftOut(sample.problem == null ? "no image" : sample.problem, place);
            } else if (sample.caption().isEmpty()) {
                visitor.leftOut(sample.problem == null ? "no caption" : sample.problem, place);
            } else {
                visitor.pair(new SourcePair(count, 0, picture.name(), picture, sample.caption()));
            }
            count++;
        }

        void cutOff(Path shard, @Nullable Sample sample, IOException e) {
            visitor.leftOut(
                    "cut off by the end of the shard",
                    shard + (sample == null ? "" : ", " + sample.key) + " (" + e.getMessage() + ")");
            count++;
        }
    }
}
