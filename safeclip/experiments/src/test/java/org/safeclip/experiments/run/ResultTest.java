package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.eval.AttackMargin;
import org.safeclip.experiments.eval.Interval;
import org.safeclip.experiments.eval.Recall;
import org.safeclip.experiments.eval.Retrieval;
import org.safeclip.experiments.eval.Scores;
import org.safeclip.experiments.eval.TopK;
import org.safeclip.experiments.report.Samples;

class ResultTest {
    @TempDir
    private Path folder;

    @Test
    void jsonFormatIsStable() {
        Interval quarter = new Interval(4, 16, 0.25, 0.0727, 0.5238);
        TopK all = new TopK(quarter, quarter, quarter, quarter);
        Recall recall = new Recall(quarter, quarter, quarter);
        Scores scores = new Scores(
                all,
                all,
                quarter,
                new Retrieval(recall, recall),
                all,
                quarter,
                new AttackMargin(-0.125, List.of(-0.25, 0.0)));
        Result result = new Result(
                3,
                "simd",
                "badnet",
                8074,
                40,
                List.of(new Result.Target("badnet", "fruit", 40, 300)),
                List.of(new Result.Run(
                        "safeclip",
                        scores,
                        List.of(new Result.SafeSet(13, 1130, 1)),
                        26,
                        200.5,
                        List.of(new Result.Cost("mixed", 7, 64.5, 128, 16, 0.25)),
                        null,
                        Map.of("text", quarter))));

        String interval = """
                {"hits":4,"trials":16,"rate":0.25,"low":0.0727,"high":0.5238}""";
        String topK = "{\"top1\":I,\"top3\":I,\"top5\":I,\"top10\":I}".replace("I", interval);
        String found = "{\"at1\":I,\"at5\":I,\"at10\":I}".replace("I", interval);
        assertThat(result.json()).startsWith("""
                {
                  "seed": 3,
                  "backend": "simd",
                  "attack": "badnet",
                  "pairs": 8074,
                  "poisons": 40,
                  "targets": [ {
                    "attack": "badnet",
                    "name": "fruit",
                    "poisons": 40,
                    "cleanPairs": 300
                  } ],
                  "runs": [ {
                    "method": "safeclip",
                    "scores": {
                      "concepts": {
                        "top1": {
                          "hits": 4,
                          "trials": 16,
                          "rate": 0.25,
                """).endsWith("""
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
                    "unmarked": null,
                    "further": {
                      "text": {
                        "hits": 4,
                        "trials": 16,
                        "rate": 0.25,
                        "low": 0.0727,
                        "high": 0.5238
                      }
                    },
                    "budget": null
                  } ]
                }
                """);
        assertThat(result.json().replaceAll("\\s", ""))
                .contains("\"scores\":{\"concepts\":" + topK + ",\"kinds\":" + topK + ",\"linearProbe\":" + interval
                        + ",\"retrieval\":{\"imageToText\":" + found + ",\"textToImage\":" + found + "},\"attack\":"
                        + topK + ",\"truth\":" + interval + ",\"margin\":{\"mean\":-0.125,\"targets\":[-0.25,0.0]}},");
    }

    @Test
    void writtenResultsAreReadBackExactly() throws IOException {
        Path file = folder.resolve("result.json");
        Files.writeString(file, "an older result");

        Samples.result(15, 1).write(file);

        assertThat(Result.read(file)).isEqualTo(Samples.result(15, 1));
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        try (var left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    /** A grid continues with what an older version has finished. */
    @Test
    void resultsWithoutAMarginAreRead() throws IOException {
        String older = Samples.result(15, 1).json().replaceAll(",\\s*\"margin\": \\{[^}]*}", "");
        Path file = Files.writeString(folder.resolve("result.json"), older);

        assertThat(older).doesNotContain("margin");
        assertThat(Result.read(file).runs())
                .extracting(run -> run.scores().margin())
                .containsOnlyNulls();
    }

    @Test
    void filesOfOtherFormatsAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("foreign.json"), "{\"seed\": 1}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Result.read(file))
                .withMessageContaining("foreign.json")
                .withMessageContaining("not a result");
    }

    @Test
    void aResultWithoutAnAttackIsRefused() {
        Scores attacked = Samples.scores(31, 2);
        Scores clean = new Scores(
                attacked.fine(), attacked.coarse(), attacked.linearProbe(), attacked.retrieval(), null, null, null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Result.Run("clip", clean, List.of(), 1, 1, List.of(), null, Map.of()))
                .withMessageContaining("clip was not tested on any attacked image");
    }
}
