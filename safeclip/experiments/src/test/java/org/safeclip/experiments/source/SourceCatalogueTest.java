package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.settings.InvalidInputException;

/** Every format is recognised by its content, whatever its name, and gives its pairs in order. */
class SourceCatalogueTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "csv                                   | csv list              | 24 | a small image with a manual wheelchair",
                "csv/train.csv                         | csv list              | 24 | a small image with a manual wheelchair",
                "openclip                              | csv list              | 24 | a small image with a manual wheelchair",
                "coco                                  | COCO captions         | 32 | ",
                "coco/annotations/captions_train2017.json | COCO captions      | 32 | ",
                "vg/region_descriptions.json           | Visual Genome regions |  4 | a small image with a manual wheelchair; "
                        + "a small image with a manual wheelchair",
                "wds                                   | WebDataset shards     | 24 | a small image with a manual wheelchair",
                "wds/{00000..00001}.tar                | WebDataset shards     | 24 | a small image with a manual wheelchair",
                "wds/0000?.tar                         | WebDataset shards     | 24 | a small image with a manual wheelchair",
                "wds/00001.tar                         | WebDataset shards     | 12 | ",
                "parquet/struct.parquet                | Parquet               |  3 | a first",
                "parquet/bytes.parquet                 | Parquet               |  3 | one"
            })
    void fixturesAreRecognisedAndRead(String place, String format, int pairs, String first) throws Exception {
        Source source = SourceCatalogue.STANDARD.open(
                SourceFixtures.folder().resolve(place.strip()).toString());
        assertThat(source.format()).isEqualTo(format);
        SourceFixtures.Read read = SourceFixtures.Read.of(source);
        assertThat(read.pairs()).hasSize(pairs);
        if (first != null) {
            assertThat(read.pairs().getFirst().caption()).isEqualTo(first);
        }
        int decoded = 0;
        for (SourcePair pair : read.pairs()) {
            assertThat(pair.caption()).isNotBlank().isEqualTo(pair.caption().strip());
            assertThat(pair.picture().stamp()).isNotBlank();
            try {
                assertThat(pair.picture().decode().square(8)).hasSize(192);
                decoded++;
            } catch (ImageFile.Unreadable e) {
                assertThat(e.getMessage()).as(pair.place()).isEqualTo("no bytes");
            }
        }
        assertThat(decoded).isEqualTo(place.contains("struct") ? pairs - 1 : pairs);
        assertThat(SourceFixtures.Read.of(source).pairs())
                .as("the same order every time")
                .extracting(SourcePair::caption)
                .isEqualTo(read.pairs().stream().map(SourcePair::caption).toList());
    }

    @Test
    void equalImagesOfSeveralFormatsHaveTheSamePixels() throws Exception {
        SourceFixtures.Read csv = read("csv");
        SourceFixtures.Read openClip = read("openclip");
        SourceFixtures.Read shards = read("wds");
        assertThat(openClip.pairs())
                .extracting(SourcePair::caption)
                .element(3)
                .asString()
                .startsWith("a religious symbol: menorah");
        for (int i = 0; i < 24; i++) {
            assertThat(shards.pairs().get(i).picture().decode().height()).isEqualTo(64);
            String caption = csv.pairs().get(i).caption(); // one has quotes and a line break here only
            assertThat(caption).startsWith(shards.pairs().get(i).caption());
        }
    }

    @Test
    void boxesAndPosesBesideTheCaptionsAreNotAsked() throws Exception {
        SourceFixtures.copy(SourceFixtures.folder().resolve("coco"), folder.resolve("coco"));
        Path annotations = folder.resolve("coco/annotations");
        for (String other : List.of("instances_train2017.json", "person_keypoints_train2017.json")) {
            Files.writeString(
                    annotations.resolve(other), "{\"images\": [], \"annotations\": [{\"bbox\": [0, 0, 1, 1]}]}");
        }
        Source coco = SourceCatalogue.STANDARD.open(folder.resolve("coco").toString());
        assertThat(coco.description()).endsWith("captions_train2017.json: COCO captions");
    }

    @Test
    void cocoKeepsFourCaptionsOfAnImage() throws Exception {
        SourceFixtures.Read coco = read("coco");
        assertThat(coco.pairs().stream().map(SourcePair::image).distinct()).hasSize(8);
        assertThat(coco.pairs().stream()
                        .filter(pair -> pair.image().equals("000000000009.jpg"))
                        .map(SourcePair::caption)
                        .distinct())
                .hasSize(4);
    }

    @Test
    void karpathysLayoutGivesTheTrainingSentences() throws Exception {
        Files.createDirectories(folder.resolve("images"));
        Files.copy(SourceFixtures.folder().resolve("csv/images/0.jpg"), folder.resolve("images/0.jpg"));
        Files.writeString(folder.resolve("dataset_flickr8k.json"), """
                {"images": [
                  {"sentids": [0, 1], "imgid": 0, "split": "train", "filename": "0.jpg",
                   "sentences": [{"tokens": ["a"], "raw": "a dog . ", "imgid": 0}, {"raw": "one dog ."}]},
                  {"split": "test", "filename": "1.jpg", "sentences": [{"raw": "a cat ."}]},
                  {"split": "restval", "filename": "0.jpg", "sentences": [{"raw": "again ."}]}], "dataset": "flickr8k"}
                """);
        Source source = SourceCatalogue.STANDARD.open(folder.toString());
        assertThat(source.format()).isEqualTo("COCO captions");
        SourceFixtures.Read read = SourceFixtures.Read.of(source);
        assertThat(read.pairs()).extracting(SourcePair::caption).containsExactly("a dog .", "one dog .", "again .");
        assertThat(read.pairs()).extracting(SourcePair::row).containsExactly(0, 1, 3);
        assertThat(read.leftOut()).containsExactly("of the split test");
        assertThat(read.rows()).isEqualTo(4);
        assertThat(read.pairs().getFirst().picture().decode().width()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a dog , seen \"once\thttp://example.invalid/0.jpg\nno address\ta\n \thttps://example.invalid/1.jpg\n",
                "http://example.invalid/0.jpg\ta dog , seen \"once\nno address\ta\nhttps://example.invalid/1.jpg\t \n",
                "caption\turl\na dog , seen \"once\thttp://example.invalid/0.jpg\nbad\nhttps://example.invalid/1.jpg\t\n"
            })
    void listsOfAddressesHaveCaptionsButNoImages(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("list.bin"), text);
        Source source = SourceCatalogue.STANDARD.open(file.toString());
        assertThat(source.format()).isEqualTo("Conceptual Captions list of addresses");
        SourceFixtures.Read read = SourceFixtures.Read.of(source);
        assertThat(read.pairs()).extracting(SourcePair::caption).containsExactly("a dog , seen \"once");
        assertThat(read.leftOut()).containsExactly("not a caption and an address", "no caption");
        assertThatThrownBy(() -> read.pairs().getFirst().picture().decode()).hasMessageContaining("img2dataset");
        assertThat(read("cc3m").pairs()).hasSizeGreaterThan(20);
    }

    @Test
    void jsonLinesAndImagesWithTexts() throws Exception {
        Path images = Files.createDirectories(folder.resolve("a/b"));
        Files.copy(SourceFixtures.folder().resolve("csv/images/0.jpg"), images.resolve("0.jpg"));
        Files.copy(SourceFixtures.folder().resolve("csv/images/1.jpg"), images.resolve("1.JPG"));
        Files.copy(SourceFixtures.folder().resolve("csv/images/1.jpg"), images.resolve(".hidden.jpg"));
        Files.writeString(images.resolve("0.txt"), "a dog\n\n another \r\n");
        SourceFixtures.Read texts = SourceFixtures.Read.of(SourceCatalogue.STANDARD.open(folder.toString()));
        assertThat(texts.pairs()).extracting(SourcePair::caption).containsExactly("a dog", "another");
        assertThat(texts.leftOut()).containsExactly("no caption");

        Files.writeString(folder.resolve("metadata.jsonl"), """
                {"file_name": "a/b/0.jpg", "text": " a dog "}

                {"file_name": "a/b/1.JPG", "captions": ["one", " ", "two"]}
                {"file_name": "../0.jpg", "text": "outside"}
                not JSON
                {"text": "no image"}
                """);
        Source lines = SourceCatalogue.STANDARD.open(folder.toString());
        assertThat(lines.format()).isEqualTo("JSON lines");
        SourceFixtures.Read read = SourceFixtures.Read.of(lines);
        assertThat(read.pairs()).extracting(SourcePair::caption).containsExactly("a dog", "one", "two", "outside");
        assertThat(read.pairs().get(2).line()).isEqualTo(3);
        assertThat(read.leftOut()).containsExactly("not a JSON object", "no image");
        assertThatThrownBy(() -> read.pairs().get(3).picture().decode()).hasMessageContaining("outside the folder");
    }

    @Test
    void gzippedFilesAreRecognisedUnderAnyName() throws Exception {
        for (String name : List.of("wds/00000.tar", "openclip/train.tsv", "vg/region_descriptions.json")) {
            Path original = SourceFixtures.folder().resolve(name);
            Path packed = Files.write(folder.resolve("packed.dat"), gzip(Files.readAllBytes(original)));
            Source source = SourceCatalogue.STANDARD.open(packed.toString());
            List<String> captions = SourceFixtures.Read.of(source).pairs().stream()
                    .map(SourcePair::caption)
                    .toList();
            assertThat(captions)
                    .isEqualTo(
                            SourceFixtures.Read.of(SourceCatalogue.STANDARD.open(original.toString())).pairs().stream()
                                    .map(SourcePair::caption)
                                    .toList());
            if (name.endsWith("tar")) {
                assertThat(SourceFixtures.Read.of(source)
                                .pairs()
                                .getFirst()
                                .picture()
                                .decode()
                                .width())
                        .isEqualTo(64);
            }
        }
    }

    @Test
    void aFolderWithSeveralSetsAndOneWithNoneAreRefused() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "image,caption\n0.png,a\n");
        Files.writeString(folder.resolve("b.csv"), "image,caption\n0.png,a\n");
        assertThatThrownBy(() -> SourceCatalogue.STANDARD.open(folder.toString()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("several sets of pairs (a.csv, b.csv)");
        assertThatThrownBy(() ->
                        SourceCatalogue.STANDARD.open(folder.resolve("*.csv").toString()))
                .hasMessageContaining("2 files, but csv list is read from one");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> SourceCatalogue.STANDARD.open(empty.toString()))
                .hasMessageContaining("holds no pairs that are recognised");
        assertThatThrownBy(() -> SourceCatalogue.STANDARD.open(
                        folder.resolve("{1..3}.tar").toString()))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("1.tar");
        assertThatThrownBy(() ->
                        SourceCatalogue.STANDARD.open(folder.resolve("*.tar").toString()))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> SourceCatalogue.STANDARD.open("https://example.invalid/{0..9}.tar"))
                .hasMessageContaining("is an address");
        assertThatThrownBy(() -> SourceCatalogue.STANDARD.open(
                        folder.resolve("{3..1}.tar").toString()))
                .hasMessageContaining("the range {3..1} is empty");
        assertThatThrownBy(() -> SourceCatalogue.STANDARD.open("{0..9999}/{0..999}.tar"))
                .hasMessageContaining("the range {0..999} is empty or too long");
        assertThatThrownBy(() ->
                        SourceCatalogue.STANDARD.open(folder.resolve("[*.tar").toString()))
                .hasMessageContaining("not a pattern of file names");
    }

    @Test
    void aFormatOfOnesOwnIsOneClass() throws Exception {
        SourceFormat haiku = new SourceFormat() {
            @Override
            public String name() {
                return "haiku";
            }

            @Override
            public boolean recognises(FileStart start) {
                return start.has(0, "HAIKU");
            }

            @Override
            public Source open(List<Path> files) {
                return new ListSource(name(), files.getFirst(), (file, visitor) -> {
                    visitor.pair(new SourcePair(0, 2, "x", Picture.none("x", "not drawn"), Files.readString(file)));
                    return 1;
                });
            }
        };
        Path file = Files.writeString(folder.resolve("poem"), "HAIKU");
        Source source = SourceCatalogue.STANDARD.with(haiku).open(file.toString());
        assertThat(source.format()).isEqualTo("haiku");
        assertThat(SourceFixtures.Read.of(source).pairs().getFirst().place()).isEqualTo("line 2: x");
    }

    @Test
    void parquetWithoutImagesSaysSo() throws Exception {
        SourceFixtures.Read read = read("parquet/addresses.parquet");
        assertThat(read.pairs()).extracting(SourcePair::caption).containsExactly("a text");
        assertThatThrownBy(() -> read.pairs().getFirst().picture().decode()).hasMessageContaining("web address");
        assertThat(read("parquet/bytes.parquet").pairs())
                .extracting(SourcePair::caption)
                .containsExactly("one", "two", "three");
        assertThat(read("parquet/bytes.parquet").leftOut()).containsExactly("no caption");
    }

    private static SourceFixtures.Read read(String place) throws IOException {
        return SourceFixtures.Read.of(SourceCatalogue.STANDARD.open(
                SourceFixtures.folder().resolve(place).toString()));
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    @Test
    void bombsAreRefused() throws Exception {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes("a dog\thttp://example.invalid/0.jpg\n".getBytes(StandardCharsets.UTF_8));
        list.writeBytes(new byte[1 << 16]);
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("bomb")))) {
            out.write(list.toByteArray());
            byte[] lines = "a\tb\n".repeat(1 << 18).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 80; i++) {
                out.write(lines);
            }
        }
        Source source = SourceCatalogue.STANDARD.open(folder.resolve("bomb").toString());
        assertThatThrownBy(() -> source.read(_ -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("unpacks to more than 64 MiB");
    }
}
