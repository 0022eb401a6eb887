package org.safeclip.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.experiments.image.ImageFile;

/** Nothing foreign reaches the terminal as a control character. */
class PrintableTest {
    private static final String EVIL = "\u001b[31mred\u001b]0;title\u0007\u009b5m\u202e";

    @TempDir
    private Path folder;

    @Test
    void everyControlCharacterIsEscaped() {
        for (int c = 0; c < 0x3000; c++) {
            String text = Printable.text("a" + Character.toString(c) + "z");
            assertThat(text.codePoints().noneMatch(Character::isISOControl))
                    .as("U+%04x", c)
                    .isTrue();
        }
        assertThat(Printable.text(EVIL)).isEqualTo("\\x1b[31mred\\x1b]0;title\\x07\\x9b5m\\u202e");
        assertThat(Printable.text("\ud83d")).isEqualTo("\\ud83d");
        assertThat(Printable.lines("a\n\tb\r")).isEqualTo("a\n\tb\\x0d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "naïve café", "猫 🐈‍⬛ 👩🏽‍🔬", "עברית"})
    void ordinaryTextStays(String text) {
        assertThat(Printable.text(text)).isEqualTo(text);
    }

    /** Commands with EVIL in a name or a file, as a shell would give them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evaluate FOLDER/tensor.safetensors --preset vit-b-32",
                "evaluate FOLDER/tensor.safetensors --preset vit-b-32 --debug",
                "evaluate FOLDER/EVIL.safetensors",
                "train --out FOLDER/new EVIL=3",
                "train --out FOLDER/new batch=EVIL",
                "train --out FOLDER/new --EVIL",
                "train --out FOLDER/new --data FOLDER/header.csv",
                "train --out FOLDER/new --data FOLDER/name.csv",
                "train --out FOLDER/new --data FOLDER/outside.csv",
                "train --out FOLDER/new --preset EVIL",
                "train --out FOLDER/new --attack EVIL",
                "EVIL x"
            })
    void errorsHaveNoControlCharacters(String command) throws Exception {
        Files.write(folder.resolve("tensor.safetensors"), tensor());
        Files.writeString(folder.resolve("header.csv"), "image," + EVIL + "\n1.png,a\n");
        Files.writeString(folder.resolve("name.csv"), "image,caption\n" + EVIL + ".png,a\n");
        Files.writeString(folder.resolve("outside.csv"), "image,caption\n../" + EVIL + ".png,a\n");
        String[] arguments = command.replace("FOLDER", folder.toString())
                .replace("EVIL", EVIL)
                .split(" ", -1);
        CliResult answer = CliResult.to(arguments);
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains("[31mred").doesNotContain("\u001b", "\u0007", "\u009b", "\u202e");
    }

    /** Captions and names of a list that a model is trained on and searched with. */
    @Test
    void captionsAndClassesAreEscapedWhereverTheyAreShown() throws Exception {
        StringBuilder list = new StringBuilder("image,caption\n");
        for (int i = 0; i < 12; i++) {
            ImageFile.write(new byte[32 * 32 * 3], "png", folder.resolve(i + EVIL + ".png"));
            list.append(i).append(EVIL).append(".png,a dog ").append(EVIL).append('\n');
        }
        list.append("none").append(EVIL).append(".png,a dog\n");
        Path file = Files.writeString(folder.resolve("list.csv"), list);
        List<String> train = new ArrayList<>(List.of("train", "--method", "clip", "--data", file.toString()));
        train.addAll(List.of("--out", folder.resolve("run").toString()));
        train.addAll(CliResult.SMALL);
        train.addAll(List.of("training.batchSize=2", "data.maxBadShare=0.1", "data.heldOutShare=0.2"));
        CliResult trained = CliResult.to(train.toArray(String[]::new));
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("1 of 13 images left out", "none\\x1b[31mred");
        String checkpoint = folder.resolve("run/checkpoint.safetensors").toString();
        CliResult found = CliResult.to("search", checkpoint, "dog" + EVIL);
        assertThat(found.code()).as(found.err()).isZero();
        assertThat(found.out()).contains("a dog \\x1b[31mred", "dog\\x1b[31mred");
        assertThat(trained.out() + found.out()).doesNotContain("\u001b", "\u0007", "\u009b", "\u202e");
    }

    /** A safetensors file with one tensor of that name. */
    private static byte[] tensor() {
        String name = EVIL.replace("\u001b", "\\u001b").replace("\u0007", "\\u0007");
        byte[] header = ("{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .putInt(0)
                .array();
    }
}
