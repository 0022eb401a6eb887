package org.safeclip.experiments.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.config.ConfigFile;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.RunFolder;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExplorerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void wordsFindPicturesAndPicturesWords() throws Exception {
        ExperimentConfig config = ConfigFile.preset(
                "tiny",
                List.of(
                        "data.captionsPerImage=1",
                        "model.vision.layers=0",
                        "model.vision.stem=[8, 8, 8]",
                        "model.vision.patch=0",
                        "model.text.width=16",
                        "model.text.layers=1",
                        "model.text.heads=2",
                        "model.embedding=8",
                        "model.text.vocabulary=520",
                        "training.batchSize=64",
                        "training.maxSteps=2",
                        "evaluation.every=0"));
        Files.writeString(
                folder.resolve("config.toml"),
                RunFolder.header("train --method clip", List.of("badnet")) + "\n" + ConfigFile.toml(config));
        Experiment experiment = Experiment.of(config, List.of("badnet"));
        try (Backend backend = Backends.open("simd");
                Metrics metrics = Metrics.open(folder.resolve("metrics.jsonl"), 0)) {
            assertThatThrownBy(() -> explorer(backend))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("no checkpoint");
            new TrainingRun(
                            experiment,
                            MethodCatalogue.STANDARD.named("clip"),
                            backend,
                            folder.resolve("checkpoint.safetensors"),
                            metrics,
                            RunListener.NONE)
                    .run();
            search(explorer(backend));
        }
    }

    private static void search(Explorer explorer) {
        JsonNode about = JSON.readTree(explorer.about());
        assertThat(about.get("pictures").asInt()).isEqualTo(explorer.size());
        assertThat(about.get("wanted")).hasSize(1);
        JsonNode pictures = JSON.readTree(explorer.search("a red apple")).get(0).get("pictures");
        assertThat(pictures).hasSize(12);
        assertThat(pictures.get(0).get("similarity").asDouble())
                .isGreaterThanOrEqualTo(pictures.get(11).get("similarity").asDouble());
        assertThat(pictures.get(0).get("src").asString()).startsWith("data:image/png;base64,");
        JsonNode last = JSON.readTree(explorer.nearest(Integer.toString(explorer.size() - 1)));
        assertThat(last.get("attacked").asBoolean()).isTrue();
        assertThat(last.get("caption").asString()).endsWith("with the trigger");
        assertThat(last.get("models").get(0).get("words")).hasSize(8);
        assertThatThrownBy(() -> explorer.nearest(Integer.toString(explorer.size())))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> explorer.nearest("-1")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> explorer.search(" ")).isInstanceOf(InvalidInputException.class);
    }

    private Explorer explorer(Backend backend) throws Exception {
        return new Explorer(RunFolder.open(folder), backend);
    }
}
