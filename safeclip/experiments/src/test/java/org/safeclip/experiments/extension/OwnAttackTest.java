package org.safeclip.experiments.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.experiments.attack.AttackCatalogue;
import org.safeclip.experiments.attack.AttackSettings;
import org.safeclip.experiments.attack.AttackTestSet;
import org.safeclip.experiments.config.ExperimentConfig;
import org.safeclip.experiments.dataset.Dataset;
import org.safeclip.experiments.eval.AttackOutcome;
import org.safeclip.experiments.run.Experiment;
import org.safeclip.experiments.run.MethodCatalogue;
import org.safeclip.experiments.run.Metrics;
import org.safeclip.experiments.run.Result;
import org.safeclip.experiments.run.RunListener;
import org.safeclip.experiments.run.RunSummary;
import org.safeclip.experiments.run.TrainingRun;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** A new attack is one class: it works in an experiment without any other change. */
class OwnAttackTest {
    private static final String NAME = "inverted-corner";
    private static final ExperimentConfig CONFIG =
            TestExperiments.config("attack.poisons=6", "attack.targetClass=blue", "clip.epochs=2");
    private static final Dataset DATASET = TestExperiments.dataset(48);

    private static Experiment experiment() throws Exception {
        return Experiment.attacked(CONFIG, DATASET, List.of(new InvertedCorner(CONFIG.attack())));
    }

    @Test
    void poisonsMakesTheTestSetAndVerifies() throws Exception {
        Experiment experiment = experiment();

        assertThat(experiment.attackLabel()).isEqualTo(NAME);
        assertThat(experiment.pairs().size()).isEqualTo(48 + 6);
        assertThat(experiment.mask().rows().stream().toArray())
                .isEqualTo(IntStream.range(48, 54).toArray());
        AttackTestSet test = experiment.attackTest();
        assertThat(test.size()).isEqualTo(24 - 4 - 6); // four of the held-out images are blue, six poisons
        assertThat(Arrays.stream(test.wanted()).distinct()).containsExactly(2);
        assertThat(Arrays.stream(test.labels())).doesNotContain(2);
        assertThat(test.withoutTrigger()).isNotNull();
        for (int i = 0; i < test.size(); i++) {
            byte[] plain = test.withoutTrigger().images().get(i);
            assertThat(test.images().get(i))
                    .isEqualTo(InvertedCorner.inverted(plain))
                    .isNotEqualTo(plain);
        }
        assertThat(experiment.attackLines())
                .containsExactly(
                        NAME + ": 6 poisons for \"blue\" (11.111 % of the pairs) against 8 clean pairs that name it",
                        NAME + ": 6 of 6 poisons are intact");
    }

    @Test
    void attackSuccessOfATrainedModelIsEvaluated(@TempDir Path folder) throws Exception {
        Experiment experiment = experiment();
        Path metricsFile = folder.resolve("metrics.jsonl");
        try (Backend backend = Backends.open("simd");
                Metrics metrics = Metrics.open(metricsFile, 0)) {
            TrainingRun run = new TrainingRun(
                    experiment,
                    MethodCatalogue.STANDARD.named("clip"),
                    backend,
                    folder.resolve("model.safetensors"),
                    metrics,
                    RunListener.NONE);
            run.run();
            List<AttackOutcome> outcomes = experiment.outcomes(run.model());
            assertThat(outcomes).extracting(AttackOutcome::attack).containsExactly(NAME);
            AttackOutcome outcome = outcomes.getFirst();
            assertThat(outcome.success().trials()).isEqualTo(14);
            assertThat(outcome.withoutTrigger()).isNotNull();
            assertThat(outcome.truth()).isNotNull();
            Result.Run finished = RunSummary.of(run, run.evaluation(), outcomes, Metrics.read(metricsFile));
            Result result = RunSummary.result(experiment, "simd", List.of(finished));
            assertThat(finished.attackSuccess()).isEqualTo(outcome.success());
            assertThat(result.attack()).isEqualTo(NAME);
            assertThat(result.targets()).containsExactly(new Result.Target(NAME, "blue", 6, 8));
        }
    }

    @Test
    void aCatalogueEntryNamesIt() {
        AttackCatalogue catalogue = AttackCatalogue.STANDARD.with(new AttackCatalogue.Entry(
                NAME, "images with the trigger", "the corner in inverted colours", InvertedCorner::new));
        List<String> both = catalogue.parse(List.of("badnet+Inverted-Corner"));
        AttackSettings settings = CONFIG.attack();

        assertThat(both).containsExactly("badnet", NAME);
        assertThat(AttackCatalogue.label(both)).isEqualTo("badnet+" + NAME);
        assertThat(catalogue.names())
                .endsWith(NAME)
                .hasSize(AttackCatalogue.STANDARD.names().size() + 1);
        assertThat(catalogue.create(NAME, settings, checkpoint -> null))
                .isInstanceOf(InvertedCorner.class)
                .extracting(attack -> attack.name())
                .isEqualTo(NAME);
    }
}
