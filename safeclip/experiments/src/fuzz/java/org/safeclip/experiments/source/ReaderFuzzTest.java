package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.data.Tokenizer;
import org.safeclip.experiments.attack.MaskFile;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.experiments.image.ImageFile;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.TrustFile;
import org.safeclip.nn.io.CheckpointException;
import org.safeclip.nn.io.SafeTensors;
import org.safeclip.settings.InvalidInputException;
import org.xerial.snappy.Snappy;

/**
 * Every reader of files from elsewhere, given bytes that Jazzer makes of the fixtures: it reads them, or refuses them with one of the
 * exceptions for bad input, within bounded memory. In the Maven profile {@code fuzz}, one reader at a time.
 */
class ReaderFuzzTest {
    @TempDir
    private static Path folder;

    private static Path file;

    /** Reads what was written to the file. */
    @FunctionalInterface
    private interface Reader {
        void read(Path file) throws IOException, ImageFile.Unreadable;
    }

    @BeforeAll
    static void place() {
        file = folder.resolve("fuzzed");
    }

    private static void check(byte[] bytes, Reader reader) throws IOException {
        Files.write(file, bytes);
        try {
            reader.read(file);
        } catch (InvalidInputException | CheckpointException | IOException | ImageFile.Unreadable e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void check(SourceFormat format, byte[] bytes) throws IOException {
        check(bytes, given -> {
            int[] pairs = {0};
            int rows = format.open(List.of(given)).read(pair -> {
                if (pairs[0]++ < 8) {
                    decode(pair.picture());
                }
            });
            assertThat(rows).isGreaterThanOrEqualTo(pairs[0]);
        });
    }

    private static void decode(Picture picture) {
        try {
            DecodedImage image = picture.decode();
            assertThat(image.rgb()).hasSize(image.width() * image.height() * 3);
        } catch (ImageFile.Unreadable e) {
            assertThat(e.reason()).isNotBlank();
        }
    }

    private static byte[] fixture(String name) {
        try {
            return Files.readAllBytes(SourceFixtures.folder().resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<byte[]> fixtures(String... names) {
        return Stream.of(names).map(ReaderFuzzTest::fixture);
    }

    private static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> lists() {
        return Stream.concat(fixtures("csv/train.csv", "openclip/train.tsv"), texts("image;caption\n\"a.png\";b \"c\n"));
    }

    @MethodSource("lists")
    @FuzzTest
    void csv(byte[] bytes) throws IOException {
        check(new CsvFormat(), bytes);
    }

    static Stream<byte[]> addresses() {
        return fixtures("cc3m/Train_GCC-training.tsv");
    }

    @MethodSource("addresses")
    @FuzzTest
    void cc3m(byte[] bytes) throws IOException {
        check(new Cc3mFormat(), bytes);
    }

    static Stream<byte[]> captions() {
        return Stream.concat(
                fixtures("coco/annotations/captions_train2017.json"),
                texts("{\"images\":[{\"filepath\":\"a\",\"filename\":\"b.jpg\",\"split\":\"train\",\"sentences\":"
                        + "[{\"raw\":\"a dog\"}]}]}"));
    }

    @MethodSource("captions")
    @FuzzTest
    void coco(byte[] bytes) throws IOException {
        check(new CocoFormat(), bytes);
    }

    static Stream<byte[]> regions() {
        return fixtures("vg/region_descriptions.json");
    }

    @MethodSource("regions")
    @FuzzTest
    void visualGenome(byte[] bytes) throws IOException {
        check(new VisualGenomeFormat(), bytes);
    }

    static Stream<byte[]> lines() {
        return texts("{\"file_name\": \"a/0.jpg\", \"text\": \" a dog \"}\n\n{\"image\": \"1\", \"captions\": [\"a\"]}\n");
    }

    @MethodSource("lines")
    @FuzzTest
    void jsonLines(byte[] bytes) throws IOException {
        check(new JsonLinesFormat(), bytes);
    }

    static Stream<byte[]> shards() {
        return fixtures("wds/00000.tar").map(bytes -> Arrays.copyOf(bytes, 12_288));
    }

    @MethodSource("shards")
    @FuzzTest
    void tar(byte[] bytes) throws IOException {
        check(new WebDatasetFormat(), bytes);
    }

    static Stream<byte[]> tables() {
        return fixtures("parquet/struct.parquet", "parquet/bytes.parquet", "parquet/addresses.parquet");
    }

    @MethodSource("tables")
    @FuzzTest
    void parquet(byte[] bytes) throws IOException {
        check(new ParquetFormat(), bytes);
    }

    static Stream<byte[]> packed() {
        return Stream.of(new byte[] {8, 12, 'a', 'b', 'c', 'd', 1, 4}, new byte[] {3, 8, 'a', 'b', 'c'});
    }

    @MethodSource("packed")
    @FuzzTest
    void snappy(byte[] bytes) {
        ByteBuffer room = ByteBuffer.allocate(1 << 16);
        try {
            assertThat(Snappy.uncompress(ByteBuffer.wrap(bytes), room)).isBetween(0, 1 << 16);
        } catch (IOException e) {
            assertThat(e.getMessage()).startsWith("Snappy: ");
        }
    }

    static Stream<byte[]> pictures() {
        return fixtures(
                "../../image/odd/palette.png",
                "../../image/odd/gray_alpha.png",
                "../../image/odd/gray16.png",
                "../../image/odd/cmyk.jpg",
                "../../image/odd/gray.jpg",
                "../../image/odd/progressive.jpg",
                "../../image/odd/anim.gif",
                "../../image/odd/lossless.webp",
                "../../image/odd/lossy.webp");
    }

    @MethodSource("pictures")
    @FuzzTest
    void image(byte[] bytes) {
        try {
            DecodedImage image = ImageFile.decode(bytes);
            assertThat(image.rgb()).hasSize(image.width() * image.height() * 3);
        } catch (ImageFile.Unreadable e) {
            assertThat(e.reason()).isNotBlank();
        }
    }

    static Stream<byte[]> weights() {
        String header = "{\"__metadata__\":{\"a\":\"b\"},\"w\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}";
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[8 + text.length + 4];
        whole[0] = (byte) text.length;
        System.arraycopy(text, 0, whole, 8, text.length);
        return Stream.of(whole);
    }

    @MethodSource("weights")
    @FuzzTest
    void safetensors(byte[] bytes) throws IOException {
        check(bytes, given -> {
            try (SafeTensors tensors = SafeTensors.open(given)) {
                for (String name : tensors.names()) {
                    tensors.shape(name);
                    tensors.floats(name);
                }
            }
        });
    }

    static Stream<byte[]> settings() {
        return texts(
                "seed = 3\n[clip]\nepochs = 2\n[model.vision]\nstem = [8, 8]\n",
                "base = \"small\"\n",
                ConfigFile.toml(ExperimentConfig.defaults()));
    }

    @MethodSource("settings")
    @FuzzTest
    void config(byte[] bytes) throws IOException {
        check(bytes, given -> ConfigFile.read(given, List.of()));
    }

    static Stream<byte[]> numbers() {
        byte[] both = new byte[4 + 28 + 10];
        ByteBuffer.wrap(both)
                .putInt(28)
                .putInt(0x803)
                .putInt(2)
                .putInt(2)
                .putInt(3)
                .position(32)
                .putInt(0x801)
                .putInt(2);
        return Stream.of(both);
    }

    /** The length of the file of images, that file, and the file of labels. */
    @MethodSource("numbers")
    @FuzzTest
    void idx(byte[] bytes) throws IOException {
        int from = Math.min(4, bytes.length);
        int to = from < 4 ? from : from + Math.clamp(ByteBuffer.wrap(bytes).getInt(), 0, bytes.length - from);
        Path place = Files.createDirectories(folder.resolve("idx"));
        Files.write(place.resolve("train-images-idx3-ubyte"), Arrays.copyOfRange(bytes, from, to));
        Files.write(place.resolve("train-labels-idx1-ubyte"), Arrays.copyOfRange(bytes, to, bytes.length));
        check(new byte[0], _ -> labelled(place));
    }

    private static void labelled(Path place) throws IOException {
        LabelledFormat.recognise(place).images().stream().limit(8).forEach(one -> decode(one.picture()));
    }

    static Stream<byte[]> records() {
        return fixtures("cifar10/data_batch_1.bin").map(bytes -> Arrays.copyOf(bytes, 3073));
    }

    @MethodSource("records")
    @FuzzTest
    void cifar(byte[] bytes) throws IOException {
        Path place = Files.createDirectories(folder.resolve("cifar"));
        Files.write(place.resolve("test_batch.bin"), bytes);
        Files.write(place.resolve("batches.meta.txt"), Arrays.copyOf(bytes, Math.min(300, bytes.length)));
        check(new byte[0], _ -> labelled(place));
    }

    static Stream<byte[]> python() {
        return texts("{\"classes\": [\"cat\", 'dog'], # two\n'templates': [lambda c: f\"a photo of a {c}.\",]}");
    }

    @MethodSource("python")
    @FuzzTest
    void classes(byte[] bytes) throws IOException {
        Path place = Files.createDirectories(folder.resolve("classes"));
        Files.write(place.resolve("classes.py"), bytes);
        Files.writeString(place.resolve("labels.csv"), "image,label\na.png,1\n");
        check(new byte[0], _ -> labelled(place));
    }

    static Stream<byte[]> masks() {
        return texts("row,image,attack,target\n3,a.png,badnet,dog\n4,b.png,text,cat\n");
    }

    @MethodSource("masks")
    @FuzzTest
    void mask(byte[] bytes) throws IOException {
        check(bytes, given -> new MaskFile(given).rows(100));
    }

    static Stream<byte[]> ownFiles() {
        return texts(
                "pair,row,image,caption,similarity,posterior,safe\n1,0,a.png,a dog,0.1,0.5,true\n",
                "{\"event\":\"step\",\"method\":\"clip\",\"epoch\":1,\"objective\":\"cross\",\"step\":1,\"images\":8,\"loss\":2.0,"
                        + "\"learningRate\":0.001,\"scale\":14.3}\n",
                Tokenizer.learn(List.of("a dog", "a cat"), 520).serialise());
    }

    /** Files that this program has written, and that somebody has changed. */
    @MethodSource("ownFiles")
    @FuzzTest
    void ownFiles(byte[] bytes) throws IOException {
        check(bytes, TrustFile::read);
        check(bytes, Metrics::read);
        check(bytes, given -> {
            try {
                Tokenizer.parse(Files.readString(given));
            } catch (CharacterCodingException e) {
                assertThat(bytes).isNotEmpty(); // metadata are text
            }
        });
    }
}
