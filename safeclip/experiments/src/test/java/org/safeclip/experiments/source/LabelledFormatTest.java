package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.image.DecodedImage;
import org.safeclip.settings.InvalidInputException;

/** Images with classes: the fixtures' labels and pixels, and files that do not fit. */
class LabelledFormatTest {
    @TempDir
    private Path folder;

    @Test
    void cifarTenAndHundred() throws Exception {
        byte[] ten = Files.readAllBytes(SourceFixtures.folder().resolve("cifar10/data_batch_1.bin"));
        Files.write(folder.resolve("data_batch_1.bin"), ten);
        Files.writeString(folder.resolve("batches.meta.txt"), names(10) + "\n");
        LabelledSet set = LabelledFormat.recognise(folder);
        assertThat(set.format()).isEqualTo("CIFAR-10");
        assertThat(set.images())
                .extracting(LabelledSet.Labelled::label)
                .containsExactlyElementsOf(
                        IntStream.range(0, 24).mapToObj(i -> i % 10).toList());
        DecodedImage image = set.images().get(2).picture().decode();
        int pixel = 5 * 32 + 7;
        for (int c = 0; c < 3; c++) {
            assertThat(image.rgb()[3 * pixel + c]).isEqualTo(ten[2 * 3073 + 1 + c * 1024 + pixel]);
        }
        Files.writeString(folder.resolve("batches.meta.txt"), names(5));
        assertThatThrownBy(() -> LabelledFormat.recognise(folder))
                .hasMessageContaining("image 5: label 5, but there are names of 5 classes");
        Files.write(folder.resolve("data_batch_1.bin"), Arrays.copyOf(ten, ten.length - 3));
        assertThatThrownBy(() -> LabelledFormat.recognise(folder)).hasMessageContaining("3070 are left over");

        Path hundred = Files.createDirectory(folder.resolve("hundred"));
        Files.copy(SourceFixtures.folder().resolve("cifar100/train.bin"), hundred.resolve("train.bin"));
        assertThatThrownBy(() -> LabelledFormat.recognise(hundred))
                .hasMessageContaining("fine_label_names.txt: is missing");
        Files.writeString(hundred.resolve("fine_label_names.txt"), names(100));
        assertThat(LabelledFormat.recognise(hundred).images()).hasSize(24);
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "name" + i).collect(Collectors.joining("\n"));
    }

    @Test
    void idxFiles() throws Exception {
        ByteBuffer images = ByteBuffer.allocate(16 + 2 * 6)
                .putInt(0x803)
                .putInt(2)
                .putInt(2)
                .putInt(3);
        for (int i = 0; i < 12; i++) {
            images.put((byte) (20 * i));
        }
        ByteBuffer labels =
                ByteBuffer.allocate(10).putInt(0x801).putInt(2).put((byte) 1).put((byte) 0);
        Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), SourceCatalogueTest.gzip(images.array()));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels.array());
        LabelledSet set = LabelledFormat.recognise(folder);
        assertThat(set.classes()).containsExactly("0", "1");
        DecodedImage second = set.images().get(1).picture().decode();
        assertThat(second.width()).isEqualTo(3);
        assertThat(second.rgb()[0] & 0xff).isEqualTo(120);
        assertThat(second.rgb()[17] & 0xff).isEqualTo(220);
        Files.writeString(folder.resolve("classes.txt"), "shirt\nshoe\n");
        assertThat(LabelledFormat.recognise(folder).classes()).containsExactly("shirt", "shoe");
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), Arrays.copyOf(labels.array(), 9));
        assertThatThrownBy(() -> LabelledFormat.recognise(folder))
                .hasMessageContaining("1 bytes of data, but its header says 2");
        Files.write(
                folder.resolve("t10k-labels-idx1-ubyte"),
                ByteBuffer.allocate(10).putInt(0x801).putInt(-1).array());
        assertThatThrownBy(() -> LabelledFormat.recognise(folder)).hasMessageContaining("dimension 1 is 4294967295");
    }

    @Test
    void imageFolders() throws Exception {
        LabelledSet set = LabelledFormat.recognise(SourceFixtures.folder().resolve("imagefolder/val"));
        assertThat(set.format()).isEqualTo("image folders");
        assertThat(set.classes()).hasSize(7).startsWith("animals-nature", "flags");
        assertThat(set.images())
                .hasSize(12)
                .last()
                .extracting(LabelledSet.Labelled::label)
                .isEqualTo(6);
        Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> LabelledFormat.recognise(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a class without images");
    }

    @Test
    void labelsWithNamesAndPromptsInPython() throws Exception {
        Files.writeString(folder.resolve("labels.csv"), "image,label\n0.jpg,1\nsub/1.jpg,0\n");
        Files.writeString(folder.resolve("classes.py"), """
                import os  # not run
                data = {'classes': ["great grey owl", 'jack-o\\'-lantern'],
                "templates": [
                    lambda c: f"a photo of a {c}.",  # usual
                    lambda c: f'art of the {c}.',
                ]}
                """);
        LabelledSet set = LabelledFormat.recognise(folder);
        assertThat(set.classes()).containsExactly("great grey owl", "jack-o'-lantern");
        assertThat(set.templates()).containsExactly("a photo of a {}.", "art of the {}.");
        assertThat(set.images()).extracting(LabelledSet.Labelled::label).containsExactly(1, 0);
        Files.writeString(folder.resolve("labels.csv"), "image,label\n0.jpg,2\n");
        assertThatThrownBy(() -> LabelledFormat.recognise(folder))
                .hasMessageContaining("line 2: label 2, but there are 2 classes");
        Files.writeString(folder.resolve("labels.csv"), "image,label\n0.jpg,owl\n");
        assertThatThrownBy(() -> LabelledFormat.recognise(folder))
                .hasMessageContaining("expected columns image and label");
    }

    @Test
    void hostilePythonIsRefused() throws Exception {
        Files.writeString(folder.resolve("labels.csv"), "image,label\n0.jpg,0\n");
        Path python = folder.resolve("classes.py");
        Files.writeString(python, "{'classes': ['" + "\\a".repeat(1 << 20) + "']");
        assertThatThrownBy(() -> LabelledFormat.recognise(folder)).hasMessageContaining("no list \"classes\"");
        Files.write(python, new byte[] {'[', (byte) 0xff});
        assertThatThrownBy(() -> LabelledFormat.recognise(folder)).hasMessageContaining("is not UTF-8 text");
    }

    @Test
    void otherFoldersAreRefused() {
        assertThatThrownBy(() -> LabelledFormat.recognise(folder))
                .hasMessageContaining("no images with classes are recognised");
    }
}
