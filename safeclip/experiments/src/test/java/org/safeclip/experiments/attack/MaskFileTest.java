package org.safeclip.experiments.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.settings.InvalidInputException;

/** Masks: rows beyond the list are refused by line before memory is spent on them. */
class MaskFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "2147483647, 'row is 2147483647, expected at most 9,'",
        "10, 'row is 10, expected at most 9,'",
        "-1, 'row is -1, expected a number of a row, from 0'",
        "2147483648, 'row is 2147483648, expected a number of a row, from 0'",
        "3.5, 'row is 3.5, expected a number of a row, from 0'",
        "'', 'row is , expected a number of a row, from 0'"
    })
    void aRowThatTheListLacksIsRefusedByLine(String row, String expected) throws Exception {
        Path file = mask("row,attack,target\n3,badnet,dog\n" + row + ",badnet,dog\n9,sig,cat\n");
        assertThatThrownBy(() -> new MaskFile(file).rows(10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(file + ", line 3: not a mask: " + expected);
    }

    /** Every row is of another group; each would once have cost 512 MiB. */
    @Test
    void largeRowsCostNoMemory() throws Exception {
        StringBuilder text = new StringBuilder("row,attack,target\n");
        for (int i = 0; i < 1000; i++) {
            text.append("2147483647,badnet,").append(i).append('\n');
        }
        MaskFile mask = new MaskFile(mask(text.toString()));
        assertThatThrownBy(() -> mask.rows(12)).hasMessageContaining("line 2: not a mask: row is 2147483647");
        assertThatThrownBy(() -> mask.of(0, 1, 2)).hasMessageContaining("none of its rows is a pair trained on");
    }

    @Test
    void rowsAreReadByGroup() throws Exception {
        MaskFile mask = new MaskFile(mask("\uFEFFrow,attack,target\n3,badnet,dog\n9,badnet,dog\n4,sig,cat\n"));
        assertThat(mask.rows(10).stream()).containsExactly(3, 4, 9);
        assertThat(mask.of(1, 3, 4, 5, 9).groups())
                .extracting(PoisonMask.Group::attack)
                .containsExactly("badnet", "sig");
        assertThat(mask.of(1, 3, 4, 5, 9).groups().getFirst().rows()).containsExactly(1, 4);
    }

    private Path mask(String text) throws Exception {
        return Files.writeString(folder.resolve("mask.csv"), text);
    }
}
