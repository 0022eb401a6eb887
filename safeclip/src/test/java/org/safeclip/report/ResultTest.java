package org.safeclip.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.eval.Interval;

class ResultTest {
    @TempDir
    private Path folder;

    @Test
    void theJsonHasExactlyThisForm() {
        Result result = new Result(
                3,
                "simd",
                "badnet",
                8074,
                40,
                List.of(
                        new Result.Run(
                                "clip",
                                0.25,
                                0.5,
                                0.375,
                                new Interval(4, 16, 0.25, 0.0727, 0.5238),
                                List.of(),
                                14,
                                90,
                                List.of(),
                                null),
                        new Result.Run(
                                "safeclip",
                                0.25,
                                0.5,
                                0.375,
                                new Interval(0, 16, 0, 0, 0.2059),
                                List.of(new Result.SafeSet(13, 1130, 1)),
                                26,
                                200.5,
                                List.of(new Result.Cost("mixed", 7, 64.5, 128, 16, 0.25)),
                                null)));

        assertThat(result.json()).isEqualTo("""
                {
                  "seed": 3,
                  "backend": "simd",
                  "attack": "badnet",
                  "pairs": 8074,
                  "poisons": 40,
                  "runs": [ {
                    "method": "clip",
                    "zeroShotTop1": 0.25,
                    "zeroShotTop5": 0.5,
                    "kindTop1": 0.375,
                    "attackSuccess": {
                      "hits": 4,
                      "trials": 16,
                      "rate": 0.25,
                      "low": 0.0727,
                      "high": 0.5238
                    },
                    "safeSet": [ ],
                    "epochs": 14,
                    "seconds": 90.0,
                    "costs": [ ],
                    "unmarked": null
                  }, {
                    "method": "safeclip",
                    "zeroShotTop1": 0.25,
                    "zeroShotTop5": 0.5,
                    "kindTop1": 0.375,
                    "attackSuccess": {
                      "hits": 0,
                      "trials": 16,
                      "rate": 0.0,
                      "low": 0.0,
                      "high": 0.2059
                    },
                    "safeSet": [ {
                      "epoch": 13,
                      "size": 1130,
                      "poisons": 1
                    } ],
                    "epochs": 26,
                    "seconds": 200.5,
                    "costs": [ {
                      "phase": "mixed",
                      "epochs": 7,
                      "seconds": 64.5,
                      "cpuSeconds": 128.0,
                      "scoringCpuSeconds": 16.0,
                      "mixtureCpuSeconds": 0.25
                    } ],
                    "unmarked": null
                  } ]
                }
                """);
    }

    @Test
    void whatIsWrittenIsReadBackNumberForNumber() throws IOException {
        Path file = folder.resolve("result.json");
        Files.writeString(file, "an older result");

        Samples.result(15, 1).write(file);

        assertThat(Result.read(file)).isEqualTo(Samples.result(15, 1));
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        try (var left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void aForeignFileIsRefusedByName() throws IOException {
        Path file = Files.writeString(folder.resolve("foreign.json"), "{\"seed\": 1}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Result.read(file))
                .withMessageContaining("foreign.json")
                .withMessageContaining("not a result");
    }

    @Test
    void aRateThatIsNoShareIsRefused() {
        Interval none = Interval.clopperPearson(0, 16, 0.95);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Result.Run("clip", Double.NaN, 0.5, 0.5, none, List.of(), 1, 1, List.of(), null))
                .withMessageContaining("zeroShotTop1 of clip is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Result.Run("clip", 31.2, 57.1, 44, none, List.of(), 1, 1, List.of(), null))
                .withMessageContaining("31.2");
    }
}
