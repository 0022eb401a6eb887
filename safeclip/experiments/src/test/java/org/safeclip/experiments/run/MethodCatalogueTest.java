package org.safeclip.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.TrainingMethod;
import org.safeclip.experiments.TestExperiments;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** Every method is found by its name and made from the settings of an experiment. */
class MethodCatalogueTest {
    private static final int PAIRS = 43;

    static List<MethodCatalogue.Entry> entries() {
        return MethodCatalogue.STANDARD.entries();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aMethodHasTheNameItIsFoundBy(MethodCatalogue.Entry entry) throws Exception {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        assertThat(MethodCatalogue.STANDARD.named(entry.name())).isSameAs(entry);
        try (Backend backend = Backends.open("simd")) {
            Trainer trainer = new Trainer(
                    experiment.model(backend),
                    experiment.augmentation(),
                    experiment.config().training(),
                    experiment.config().key(),
                    TrainingListener.NONE);
            TrainingMethod method = entry.factory().create(experiment, trainer);
            assertThat(method.name()).isEqualTo(entry.name());
            assertThat(method.epochs()).isPositive();
        }
    }

    @Test
    void aNameThatDoesNotExistIsRefusedWithThoseThatDo() {
        assertThatThrownBy(() -> MethodCatalogue.STANDARD.named("klip"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("there is no method 'klip'; there are clip, clip-plain, clip-dedup, roclip");
    }

    @Test
    void theCleanPairsOfCleanClipAreHonest() {
        Experiment experiment = TestExperiments.of(TestExperiments.config(), PAIRS);
        int[] clean = experiment.cleanPairs();
        assertThat(clean).hasSize(20).doesNotHaveDuplicates();
        assertThat(IntStream.of(clean).noneMatch(experiment.mask().rows()::get)).isTrue();
    }
}
