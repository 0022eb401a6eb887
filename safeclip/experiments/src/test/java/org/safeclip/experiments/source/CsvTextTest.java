package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.settings.InvalidInputException;

/** Any list: it is read as it was meant, or refused with the line; no row is lost in silence. */
class CsvTextTest {
    private static final String LIST = "image,caption\nbéta.png,a café\n1.png,\"naïve 猫 🐈\"\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "UTF-8, '', false",
        "UTF-8, EFBBBF, false",
        "UTF-16LE, FFFE, false",
        "UTF-16BE, FEFF, false",
        "UTF-8, '', true",
        "UTF-8, EFBBBF, true",
        "UTF-16LE, FFFE, true"
    })
    void encodingsAreRecognised(String charset, String mark, boolean gzipped) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(mark));
        bytes.writeBytes(LIST.getBytes(Charset.forName(charset)));
        for (String name : List.of("list.csv", "list.csv.gz", "lïste.csv")) {
            Path file = Files.write(folder.resolve(name), gzipped ? gzip(bytes.toByteArray()) : bytes.toByteArray());
            List<CsvPairs.Row> rows = CsvPairs.read(file);
            assertThat(rows).extracting(CsvPairs.Row::caption).containsExactly("a café", "naïve 猫 🐈");
            assertThat(rows.getFirst().image()).hasFileName("béta.png");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, '', 'line 2: byte 15 (0xE9) is not UTF-8; if the file is Latin-1 or Windows-1252, convert it: iconv'",
        "UTF-16LE, '', line 1: contains a zero byte",
        "UTF-16BE, '', line 1: contains a zero byte",
        "UTF-32LE, FFFE0000, contains a zero byte",
        "ISO-8859-1, EFBBBF, line 2: byte 18 (0xE9) is not UTF-8"
    })
    void otherEncodingsAreRefusedByLine(String charset, String mark, String expected) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(mark));
        bytes.writeBytes("image,caption\nbéta.png,a cat\n".getBytes(Charset.forName(charset)));
        refused(Files.write(folder.resolve("list.csv"), bytes.toByteArray()), expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 65_535, 65_536, 65_537, 200_001})
    void theOffsetIsRightInAnyBlock(int before) throws Exception {
        byte[] text = new byte[14 + before + 2];
        Arrays.fill(text, (byte) 'a');
        System.arraycopy("image,caption\n".getBytes(StandardCharsets.UTF_8), 0, text, 0, 14);
        text[14 + before] = (byte) 0xc3; // two bytes begin, and one is there
        refused(Files.write(folder.resolve("list.csv"), text), "line 2: byte " + (14 + before) + " (0xC3)");
        refused(
                Files.write(folder.resolve("list.csv"), Arrays.copyOf(text, 15 + before)),
                "line 2: byte " + (14 + before) + " (0xC3)");
    }

    /** Sixty rows; a quote opens in one line and closes in another, or never. */
    @ParameterizedTest
    @CsvSource({
        "',', 7, 52",
        "',', 7, 8",
        "',', 2, 60",
        "';', 7, 52",
        "'\t', 7, 52",
        "',', 7, 0",
        "'\t', 60, 0",
        "',', 61, 0"
    })
    void anUnclosedQuoteIsRefusedByItsLine(char separator, int opened, int closed) throws Exception {
        for (String lineBreak : List.of("\n", "\r\n")) {
            StringBuilder text = new StringBuilder("image" + separator + "caption" + lineBreak);
            for (int line = 2; line <= 61; line++) {
                text.append(line).append(".png").append(separator);
                text.append(line == opened ? "\"" : "").append("a photo of a cat");
                text.append(line == closed ? " size 5\"" : "").append(lineBreak);
            }
            refused(Files.writeString(folder.resolve("list.csv"), text), "line " + opened + ": the double quote");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "image,caption\\n1.png,\"a\" cat\\n|line 2: the double quote that opens a field there is closed before",
                "image,caption\\n1.png,a\\n\"2.png\\n3.png\",b\\n|line 3: the double quote",
                "image,caption\\n1.png,\"a\\n2.png,\"b\"\\n|line 2: the double quote",
                "\"image,caption\\n1.png,a\\n|line 1: the double quote"
            })
    void wrongQuotesAreRefusedByLine(String text, String expected) throws Exception {
        refused(Files.writeString(folder.resolve("list.csv"), text.replace("\\n", "\n")), expected);
    }

    @Test
    void captionsOfSeveralLinesAreRead() throws Exception {
        String text = "image,caption\n1.png,\"first line,\nsecond, third\n\nand \"\"last\"\"\"\n2.png,5\" disc\n";
        assertThat(CsvPairs.read(Files.writeString(folder.resolve("list.csv"), text)))
                .extracting(CsvPairs.Row::caption)
                .containsExactly("first line,\nsecond, third\n\nand \"last\"", "5\" disc");
    }

    @Test
    void damagedAndSuspiciousArchivesAreRefused() throws Exception {
        byte[] packed = gzip(LIST.repeat(50).getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 20; i++) {
            int length = 2 + (packed.length - 2) * i / 20;
            refused(Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(packed, length)), "gzip");
        }
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bomb)) {
            byte[] block = "1.png,a\n".repeat(1 << 17).getBytes(StandardCharsets.UTF_8);
            out.write("image,caption\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 65; i++) {
                out.write(block);
            }
        }
        refused(Files.write(folder.resolve("bomb.csv.gz"), bomb.toByteArray()), "unpacks to more than 64 MiB");
        refused(
                Files.writeString(folder.resolve("list.xlsx"), "PK\3\4 and so on"),
                "is a zip archive or a spreadsheet");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static void refused(Path file, String expected) {
        assertThatThrownBy(() -> CsvPairs.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(expected);
    }
}
