package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.image.PngSamples;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.experiments.source.SourcePair;
import org.safeclip.settings.Settings;

/** The preparation of a small collection in the layout of the Debian package. */
class OpenClipartTest {
    private static final int BIRDS = 33;

    @TempDir
    private Path folder;

    private Path from = Path.of("");
    private int pictures;

    @BeforeEach
    void makeCollection() throws IOException {
        from = folder.resolve("png");
        for (int i = 0; i < BIRDS; i++) {
            put(bird(i), 8, 8, "Title", "Crow " + letters(i), "Author", "Jane Doe");
        }
        put(
                "animals/birds/gull_jane_do_02.png",
                8,
                8,
                "Author",
                "Jane Doe",
                "Description",
                "A gull at sea. It sleeps.");
        put("food/fruit/pear_02.png", 8, 16, "Title", "Clipart by Jane Doe - apple");
        put("special/caf\u00e9.png", 8, 8, "Title", "Caf\u00e9 &amp; &quot;bar&quot;");
    }

    private static String bird(int i) {
        return "animals/birds/" + letters(i) + "_bird_jane_doe_01.png";
    }

    private static String letters(int i) {
        return "" + (char) ('a' + i / 10) + (char) ('a' + i % 10);
    }

    private void put(String path, int width, int height, String... texts) throws IOException {
        Path file = from.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, PngSamples.withTexts(width, height, ++pictures, texts));
    }

    private Map<String, List<String>> captions(Path out) throws IOException {
        Map<String, List<String>> all = new TreeMap<>();
        List<SourcePair> pairs = new ArrayList<>();
        SourceCatalogue.STANDARD.open(out.toString()).read(pairs::add);
        Map<String, String> sources = new TreeMap<>();
        Files.readAllLines(out.resolve("pairs.csv"))
                .forEach(line -> sources.put(line.replaceFirst(",.*", ""), line.replaceFirst(".*,", "")));
        for (SourcePair pair : pairs) {
            String image = pair.image().replaceFirst(".*(?=images/)", "");
            all.computeIfAbsent(String.valueOf(sources.get(image)), _ -> new ArrayList<>())
                    .add(pair.caption());
        }
        return all;
    }

    @Test
    void captionsComeFromTitlesDescriptionsFileNamesAndFolders() throws IOException {
        Path out = folder.resolve("out");
        OpenClipart.Prepared made = new OpenClipart(from, out, 16, 3).prepare();
        Map<String, List<String>> captions = captions(out);
        assertThat(captions.get("animals/birds/gull_jane_do_02.png"))
                .hasSize(3)
                .contains("a gull at sea", "animals and birds: gull")
                .first()
                .asString()
                .contains("gull")
                .containsPattern("\\bbird\\b");
        assertThat(captions.get("food/fruit/pear_02.png")).contains("pear", "food and fruit: pear");
        assertThat(captions.get("special/caf\u00e9.png"))
                .as("a picture without a class")
                .containsExactly("caf\u00e9 & \"bar\"", "special: caf\u00e9 & \"bar\"");
        assertThat(captions.get(bird(12))).contains("crow bc");
        assertThat(made.pictures()).isEqualTo(pictures);
        assertThat(made.leftOut()).isEmpty();
        assertThat(Files.readAllLines(made.classes()))
                .as("the fruit are too few")
                .containsExactly("bird");
        assertThat(made.labelled()).isEqualTo(BIRDS + 1);
    }

    @Test
    void picturesAreWholeOnAWhiteSquare() throws IOException {
        Path out = folder.resolve("out");
        new OpenClipart(from, out, 16, 1).prepare();
        byte[] pear = ImageFile.read(out.resolve("images/00034.png")); // 8 wide and 16 high
        assertThat(pear).hasSize(16 * 16 * 3);
        for (int y = 0; y < 16; y++) {
            int row = y * 16 * 3;
            assertThat(new byte[] {pear[row], pear[row + 9], pear[row + 47]}).containsOnly(0xff);
            assertThat(pear[row + 3 * 4] & 0xff).isLessThan(250);
            assertThat(pear[row + 3 * 11] & 0xff).isLessThan(250);
        }
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws IOException {
        new OpenClipart(from, folder.resolve("one"), 16, 3).prepare();
        new OpenClipart(from, folder.resolve("two"), 16, 3).prepare();
        try (Stream<Path> files = Files.walk(folder.resolve("one"))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all)
                    .hasSize(pictures + 2)
                    .allSatisfy(file -> assertThat(folder.resolve("two")
                                    .resolve(folder.resolve("one").relativize(file)))
                            .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void whatIsLeftOutIsCountedByReason() throws IOException {
        put("tools/weapons/sword_01.png", 8, 8, "Title", "Sword");
        put("people/12_01.png", 8, 8);
        put("people/line_01.png", 80, 8, "Title", "A line");
        Files.write(from.resolve("people/blank.png"), PngSamples.withTexts(8, 8, 0));
        Files.write(from.resolve("people/copy.png"), PngSamples.withTexts(8, 8, 1));
        Files.writeString(from.resolve("people/page.png"), "<html>");
        for (int i = 0; i < 18; i++) {
            put("people/star_" + i + "pt.png", 8, 8, "Title", "gramastar");
        }
        OpenClipart.Prepared made = new OpenClipart(from, folder.resolve("out"), 16, 1).prepare();
        assertThat(made.leftOut())
                .startsWith("8 of ")
                .contains("on the stop list: 1")
                .contains("no word in title or file name: 1")
                .contains("of a long series: 2")
                .contains("equal to another: 1")
                .contains("too narrow: 1")
                .contains("blank: 1")
                .contains("not a PNG, JPEG, WebP, GIF or BMP image");
        assertThat(made.pairs()).isEqualTo(made.pictures()).isEqualTo(BIRDS + 3 + 16);
    }

    @Test
    void theClassesAreReadFromTheFileAndLabelHeldOutPictures() throws IOException {
        Path out = folder.resolve("out");
        new OpenClipart(from, out, 16, 3).prepare();
        DataSettings settings = Settings.with(
                Settings.defaults(DataSettings.class),
                "classes",
                out.resolve("classes.txt").toString());
        assertThat(settings.classNames()).containsExactly("bird");
        Dataset read = UserDataset.read(
                SourceCatalogue.STANDARD.open(out.toString()),
                new UserDataset.Options(16, settings.classNames(), 0.5, 0),
                PairStore.of(settings),
                _ -> new BitSet(),
                new SplittableRandom(1));
        long birds =
                read.heldOut().stream().filter(image -> image.coarse() == 0).count()
                        + read.labelled().size();
        assertThat(birds).isEqualTo(BIRDS + 1);
        assertThat(read.labelled()).isNotEmpty();
    }
}
