package org.safeclip.experiments.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A grid is the product of its lists; errors in its file are reported on one line. */
class GridTest {
    private static final String BLOCK = """
            [[block]]
            attacks = ["targeted", "badnet"]
            methods = ["clip", "quick growth"]
            seeds = [3, 4]
            settings = ["training.batchSize=64", "safeclip.growth=0.1"]
            [variants."quick growth"]
            method = "safeclip"
            settings = ["safeclip.growth=0.4"]
            """;

    @Test
    void gridIsTheProductOfMethodsAttacksAndSeeds() {
        Grid grid = Grid.parse("g", "g.toml", BLOCK, List.of("training.batchSize=32"));
        assertThat(grid.cells())
                .extracting(Cell::toString)
                .containsExactly(
                        "targeted, clip, seed 3",
                        "targeted, quick growth, seed 3",
                        "targeted, clip, seed 4",
                        "targeted, quick growth, seed 4",
                        "badnet, clip, seed 3",
                        "badnet, quick growth, seed 3",
                        "badnet, clip, seed 4",
                        "badnet, quick growth, seed 4");
        Cell clip = grid.cells().getFirst();
        Cell variant = grid.cells().get(1);
        assertThat(clip.undefended()).isTrue();
        assertThat(variant.undefended()).isFalse();
        assertThat(variant.method().name()).isEqualTo("safeclip");
        assertThat(variant.config().safeclip().growth()).isEqualTo(0.4);
        assertThat(clip.config().safeclip().growth()).isEqualTo(0.1);
        assertThat(clip.config().training().batchSize()).isEqualTo(32);
        assertThat(clip.config().seed()).isEqualTo(3);
        assertThat(variant.folder(Path.of("runs"))).isEqualTo(Path.of("runs", "targeted", "quick-growth", "seed-3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"compare-emoji", "confirm-emoji", "ablations-emoji", "agreement-clipart"})
    void thePresetsAreGrids(String preset) throws Exception {
        Grid grid = Grid.read(preset, List.of());
        assertThat(grid.cells()).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
        assertThat(grid.cells().stream().map(cell -> cell.folder(Path.of(""))))
                .as("no two cells share a folder")
                .doesNotHaveDuplicates();
    }

    @Test
    void ownDataAreFoundFromAnyFolder() throws Exception {
        Cell cell = Grid.read("agreement-clipart", List.of()).cells().getFirst();
        assertThat(Path.of(cell.config().data().source())).isAbsolute().endsWithRaw(Path.of("runs/open-clipart"));
        assertThat(Path.of(cell.config().data().classes())).isAbsolute();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        seeds = [3, 4]      | seeds = []             | g.toml: seeds is missing or empty
        seeds = [3, 4]      | seeds = ["a"]          | g.toml, line
        "badnet"            | "none"                 | attack 'none': a grid needs an attack
        "badnet"            | "worm"                 | there is no attack 'worm'
        "clip"              | "klip"                 | there is no method 'klip'; there are clip, clip-plain, clip-dedup, clip-agreement, roclip
        method = "safeclip" | methods = "safeclip"   | g.toml, line
        safeclip.growth=0.4 | safeclip.groth=0.4     | row 'quick growth': command line: there is no setting 'safeclip.groth'
        [[block]]           | [[blocks]]             | expected preset, [variants.NAME]
        """)
    void errorsAreReported(String right, String wrong, String message) {
        assertThatThrownBy(() -> Grid.parse("g", "g.toml", BLOCK.replace(right, wrong), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void rowsWithDifferentSettingsNeedDifferentNames() {
        String twice = """
                [[block]]
                attacks = ["targeted"]
                methods = ["clip"]
                seeds = [0]
                [[block]]
                attacks = ["targeted"]
                methods = ["clip"]
                seeds = [0]
                """;
        assertThat(Grid.parse("g", "g.toml", twice, List.of()).cells()).hasSize(1);
        assertThatThrownBy(
                        () -> Grid.parse("g", "g.toml", twice + "settings = [\"training.batchSize=64\"]\n", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("targeted, clip, seed 0 occurs twice with different settings");
    }

    @Test
    void unknownFilesAndPresetsAreRefused() {
        assertThatThrownBy(() -> Grid.read("compare-emojis", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'compare-emojis' is neither a file nor a preset; the presets are compare-emoji, confirm-emoji,"
                                + " ablations-emoji, agreement-emoji, doses-emoji, agreement-clipart");
    }
}
