package org.safeclip.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.source.CsvPairs;
import org.safeclip.experiments.source.SourceCatalogue;
import org.safeclip.settings.InvalidInputException;

/** Csv files of pairs: columns by name, quotes as in RFC 4180, and errors with their line. */
class UserDatasetTest {
    private static final IntFunction<BitSet> NONE = _ -> new BitSet();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image,caption\n0.png,\"a dog, with \"\"quotes\"\", and\na break\"\n1.png,a cat\n",
                "\uFEFFcaption,id,path\r\n\"a dog, with \"\"quotes\"\", and\na break\",7,0.png\r\n a cat ,8,1.png\r\n",
                ",image,caption,is_backdoor\n0,0.png,\"a dog, with \"\"quotes\"\", and\na break\",0\n1,1.png,a cat,1\n",
                "\uFEFF\"image\",\"caption\"\n\"0.png\",\"a dog, with \"\"quotes\"\", and\na break\"\n\"1.png\",\"a cat\"\n",
                "image;caption\n0.png;\"a dog, with \"\"quotes\"\", and\na break\"\n1.png;a cat\n",
                "\"id, old\";path;caption\n7;0.png;\"a dog, with \"\"quotes\"\", and\na break\"\n8;1.png;a cat\n",
                "image;caption\r0.png;\"a dog, with \"\"quotes\"\", and\na break\"\r1.png;a cat\r",
                "filepath\ttitle\n0.png\t\"a dog, with \"\"quotes\"\", and\na break\"\n1.png\ta cat\n\n",
                "Image,Caption\n0.png,\"a dog, with \"\"quotes\"\", and\na break\"\n0.png,\n1.png,a cat"
            })
    void allFormatsGiveEqualRows(String text) throws Exception {
        List<CsvPairs.Row> rows = CsvPairs.read(list(text));
        assertThat(rows)
                .extracting(CsvPairs.Row::caption)
                .containsExactly("a dog, with \"quotes\", and\na break", "a cat");
        assertThat(rows).extracting(row -> row.image().getFileName().toString()).containsExactly("0.png", "1.png");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image,text\\n0.png,a|no column caption or title; the header has image, text",
                "file,caption\\n0.png,a|no column image or path or filepath",
                "image,caption\\n0.png,a,b|line 2: 3 fields, expected 2",
                "image,caption\\n../0.png,a|line 2: ../0.png is outside the folder of the csv file",
                "image,caption\\n/etc/0.png,a|is outside the folder of the csv file",
                "image,caption\\n|contains no pairs",
                "image,caption\\n0.png,a\\n1.png,b|2 of 2 images cannot be used, such as line 2: "
            })
    void errorsNameTheLine(String text, String expected) throws Exception {
        Path list = list(text.replace("\\n", "\n"));
        assertThatThrownBy(() -> read(list, List.of(), 0, 0.5, NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(list.toString())
                .hasMessageContaining(expected);
    }

    @Test
    void unreadableImagesAreSkippedAndCounted() throws Exception {
        images(6);
        Files.writeString(folder.resolve("2.png"), "<html>");
        Files.delete(folder.resolve("4.png"));
        Dataset dataset = read(list(rows(6)), List.of(), 0, 0.5, NONE);
        assertThat(dataset.train().captions()).containsExactly("a dog 0", "a cat 1", "a dog 3", "a cat 5");
        assertThat(dataset.remarks()).hasSize(2);
        assertThat(dataset.remarks().getFirst()).contains("csv list; 4 pairs of 4 images");
        assertThat(dataset.remarks().get(1))
                .contains("2 of 6 images left out", "no such file", "such as line 4: ", "2.png");
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 20, 1, true",
        "0.05, 20, 2, false",
        "0, 20, 1, false",
        "0, 3, 0, true",
        "1, 3, 2, true",
        "1, 3, 3, false"
    })
    void aListIsRefusedIfMoreThanItsShareIsBad(double share, int count, int bad, boolean read) throws Exception {
        images(count);
        for (int i = 0; i < bad; i++) {
            Files.writeString(folder.resolve(i + ".png"), "");
        }
        Path list = list(rows(count));
        ThrowingCallable reading = () -> read(list, List.of(), 0, share, NONE);
        if (read) {
            assertThatCode(reading).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(reading)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(bad + " of " + count + " images cannot be used, such as line 2: ")
                    .hasMessageContaining(bad == count ? "correct the paths" : "data.maxBadShare=0.");
        }
    }

    @Test
    void linksInsideTheFolderAreFollowedAndOthersLeftOut(@TempDir Path elsewhere) throws Exception {
        images(6);
        Files.move(folder.resolve("1.png"), elsewhere.resolve("1.png"));
        Files.createSymbolicLink(folder.resolve("1.png"), elsewhere.resolve("1.png"));
        Files.move(folder.resolve("2.png"), folder.resolve("inside.png"));
        Files.createSymbolicLink(folder.resolve("2.png"), Path.of("inside.png"));
        Files.delete(folder.resolve("3.png"));
        Files.createSymbolicLink(folder.resolve("3.png"), Path.of("3.png"));
        Path way = Files.createSymbolicLink(elsewhere.resolve("way"), folder);
        Files.writeString(folder.resolve("list.csv"), rows(6));
        for (Path list : List.of(folder.resolve("list.csv"), way.resolve("list.csv"))) {
            Dataset dataset = read(list, List.of(), 0, 0.5, NONE);
            assertThat(dataset.train().captions()).containsExactly("a dog 0", "a cat 2", "a cat 4", "a cat 5");
            assertThat(dataset.remarks().get(1))
                    .contains("a symbolic link out of the folder of the list: 1", "there is no such file: 1");
        }
        Files.delete(way);
    }

    @Test
    void heldOutImagesAreNotTrainedOnWithAnyCaption() throws Exception {
        images(10);
        Path list = list(rows(10) + "3.png,another dog\n7.png,another cat\n");
        Dataset dataset = read(list, List.of("dog", "cat"), 0.4, 0.5, NONE);
        assertThat(dataset.heldOut()).hasSize(4);
        assertThat(dataset.heldOut())
                .allMatch(out -> dataset.coarse()
                        .names()
                        .get(out.coarse())
                        .equals(out.caption().contains("dog") ? "dog" : "cat"));
        for (int i = 0; i < dataset.train().size(); i++) {
            byte[] image = dataset.train().image(i);
            assertThat(dataset.heldOut()).noneMatch(out -> Arrays.equals(out.pixels(), image));
        }
        assertThat(read(list, List.of(), 0.4, 0.5, NONE).train().captions())
                .isEqualTo(dataset.train().captions());
    }

    @Test
    void knownPoisonsAreNotTestedOn() throws Exception {
        images(10);
        BitSet poisons = new BitSet();
        poisons.set(3, 9);
        Dataset dataset = read(list(rows(10)), List.of("dog", "cat"), 0.99, 0.5, _ -> poisons);
        assertThat(dataset.heldOut()).hasSize(4);
        assertThat(dataset.rows()).containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(dataset.labelled()).isEmpty();
    }

    private static Dataset read(
            Path list, List<String> classes, double heldOut, double bad, IntFunction<BitSet> poisons)
            throws IOException {
        return UserDataset.read(
                SourceCatalogue.STANDARD.open(list.toString()),
                new UserDataset.Options(8, classes, heldOut, bad),
                new PairStore(1 << 20, Path.of("no such folder")),
                poisons,
                new SplittableRandom(1));
    }

    private void images(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[8 * 8 * 3];
            new SplittableRandom(i).nextBytes(pixels);
            ImageFile.write(pixels, "png", folder.resolve(i + ".png"));
        }
    }

    private static String rows(int count) {
        StringBuilder text = new StringBuilder("image,caption\n");
        for (int i = 0; i < count; i++) {
            text.append(i)
                    .append(".png,a ")
                    .append(i == 0 || i == 3 ? "dog " : "cat ")
                    .append(i)
                    .append('\n');
        }
        return text.toString();
    }

    private Path list(String text) throws IOException {
        return Files.writeString(folder.resolve("list.csv"), text);
    }
}
