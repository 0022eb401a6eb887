package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.settings.InvalidInputException;

/** Tar shards: names of every kind, samples that lack something, and shards that are cut off. */
class WebDatasetTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    private void member(char type, String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
        put(header, 257, "ustar\00000");
        header[156] = (byte) type;
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[(512 - content.length % 512) % 512]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, 100));
    }

    private void text(String name, String text) {
        member('0', name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] image(int number) throws IOException {
        return Files.readAllBytes(SourceFixtures.folder().resolve("csv/images/" + number + ".jpg"));
    }

    private SourceFixtures.Read read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("shard"), bytes);
        return SourceFixtures.Read.of(new WebDatasetFormat().open(List.of(file)));
    }

    @Test
    void samplesAreJoinedByKey() throws Exception {
        String far = "f".repeat(150);
        member('5', "a/", new byte[0]);
        member('0', "a/1.v2.jpg", image(0)); // key a/1, extension v2.jpg: no image
        text("a/1.txt", "one");
        member('0', "a/2.jpg", image(1));
        text("a/2.TXT", " two \n");
        text("a/2.json", "{\"caption\": \"not this\"}");
        member('0', "a/2.jpg", image(2)); // repeated: the next sample
        text("a/2.json", "{\"caption\": \"three\", \"status\": \"success\"}");
        text("a/.hidden.txt", "hidden");
        text("__len__", "7");
        member('2', "a/4.jpg", new byte[0]); // a link
        text("a/4.txt", "four");
        member('0', "5.png", image(3));
        text("5.json", "{\"caption\": null, \"status\": \"failed_to_download\"}");
        member('L', "././@LongLink", (far + "6.jpg\0").getBytes(StandardCharsets.UTF_8));
        member('0', "cut", image(4));
        byte[] pax = paxRecord("path", far + "6.txt");
        member('x', "PaxHeader", pax);
        text("cut", "six");
        tar.writeBytes(new byte[1024]);
        SourceFixtures.Read read = read(tar.toByteArray());
        assertThat(read.pairs()).extracting(SourcePair::caption).containsExactly("two", "three", "six");
        assertThat(read.pairs()).extracting(SourcePair::row).containsExactly(1, 2, 5);
        assertThat(read.leftOut()).containsExactly("no image", "no image", "download failed (status of the json)");
        assertThat(read.rows()).isEqualTo(6);
        for (SourcePair pair : read.pairs()) {
            assertThat(pair.picture().decode().width()).isEqualTo(64);
        }
        assertThat(read.pairs().getLast().picture().name()).endsWith(far + "6.jpg");
    }

    private static byte[] paxRecord(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length() + 2;
        length = rest.length() + String.valueOf(length).length();
        return (length + rest).getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 path=b",
                "13 path=b.txt2147483647 path=c",
                "12 path=b.b\n2147483647 path=c\n",
                "3 \n",
                "5 a\n99999999999 path=c\n",
                "21 size=9999999999999999999\n",
                "29 size=9223372036854775807\n\n"
            })
    void hostilePaxRecordsDoNoHarm(String records) throws Exception {
        text("a/1.txt", "one");
        member('0', "a/1.jpg", image(0));
        member('x', "PaxHeader", records.getBytes(StandardCharsets.UTF_8));
        text("a/2.txt", "two");
        tar.writeBytes(new byte[1024]);
        try {
            assertThat(read(tar.toByteArray()).pairs())
                    .extracting(SourcePair::caption)
                    .containsExactly("one");
        } catch (InvalidInputException e) {
            assertThat(e).hasMessageContaining("not a tar archive, or damaged");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 511, 700, 5000, 20_000})
    void samplesBeforeTheCutAreKept(int lost) throws Exception {
        byte[] whole = Files.readAllBytes(SourceFixtures.folder().resolve("wds/00000.tar"));
        int end = whole.length;
        while (whole[end - 1] == 0) {
            end--;
        }
        SourceFixtures.Read read = read(Arrays.copyOf(whole, end - lost));
        assertThat(read.pairs().size()).isBetween(1, 11);
        assertThat(read.leftOut()).contains("cut off by the end of the shard");
        for (SourcePair pair : read.pairs()) {
            assertThat(pair.picture().decode().width()).isEqualTo(64);
        }
    }
}
