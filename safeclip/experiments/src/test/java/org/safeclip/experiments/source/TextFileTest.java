package org.safeclip.experiments.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.settings.InvalidInputException;

/** Small files of text are read whole, and what is none is refused before it can do harm. */
class TextFileTest {
    @TempDir
    private Path folder;

    @Test
    void textIsRead() throws Exception {
        assertThat(TextFile.lines(Files.writeString(folder.resolve("names"), " ä \n\nb\r\n")))
                .containsExactly("ä", "b");
    }

    @Test
    void whatIsNoSmallTextIsRefused() throws Exception {
        refused(folder, "is a folder");
        refused(Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xe4}), "is not UTF-8 text");
        refused(Files.write(folder.resolve("long"), new byte[TextFile.LONGEST + 1]), "longer than 16 MiB");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void devicesAreNotOpened() {
        refused(Path.of("/dev/zero"), "is a pipe or a device");
    }

    private static void refused(Path file, String expected) {
        assertThatThrownBy(() -> TextFile.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(expected);
    }
}
