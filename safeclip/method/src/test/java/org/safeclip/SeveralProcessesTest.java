package org.safeclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.baseline.CleanClip;
import org.safeclip.baseline.CleanClipSettings;
import org.safeclip.baseline.ClipSettings;
import org.safeclip.baseline.RoClip;
import org.safeclip.baseline.RoClipSettings;
import org.safeclip.loss.PoolSettings;
import org.safeclip.model.ClipModel;
import org.safeclip.model.VisionConfig;
import org.safeclip.nn.Buffer;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.ThreadJob;
import org.safeclip.selection.AgreementSettings;
import org.safeclip.selection.SafeSplit;
import org.safeclip.selection.ScoringSettings;
import org.safeclip.settings.InvalidInputException;
import org.safeclip.settings.Settings;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.train.Trainer;
import org.safeclip.train.TrainingListener;

/** Several processes that share each batch train as one does that has all of it. */
class SeveralProcessesTest {
    private static final int PAIRS = 83;
    private static final int BATCH = 8; // 2, 3 and 3 for three processes

    /** With {@code -Dorg.safeclip.require=opencl} a device that is not there is a failure. */
    private static final boolean REQUIRED = "opencl".equals(System.getProperty("org.safeclip.require"));

    private static final String PROCESSOR = "simd";
    private static final String OPENCL = "opencl";
    private static final double RELATIVE = 1e-5;
    private static final VisionConfig RESIDUAL = new VisionConfig(List.of(), 0, List.of(1, 1, 1, 1), 4, 0, 2, true);

    /**
     * A method with an image encoder.
     *
     * @param backend name of the backend that trains
     * @param most number of processes
     * @param steps steps to take; 0 for all of the method's
     * @param difference largest relative difference of the losses and of the weights
     */
    record Case(
            String name,
            String backend,
            VisionConfig vision,
            Function<Trainer, TrainingMethod> method,
            int most,
            int steps,
            double difference) {
        @Override
        public String toString() {
            return name;
        }

        /** With two processes, as a device opens slowly. */
        Case onOpenCl() {
            return new Case(name + ", on OpenCL", OPENCL, vision, method, 2, steps, difference);
        }
    }

    static Stream<Case> cases() {
        Map<String, Function<Trainer, TrainingMethod>> methods = new TreeMap<>(Map.of(
                "SafeCLIP", trainer -> new SafeClip(TestPairs.SAFECLIP, trainer),
                "SafeCLIP with neighbours and random views", SeveralProcessesTest::withNeighbours,
                "SafeCLIP with agreement", SeveralProcessesTest::withAgreement,
                "RoCLIP", SeveralProcessesTest::roClip,
                "CleanCLIP", SeveralProcessesTest::cleanClip));
        Map<String, VisionConfig> encoders =
                new TreeMap<>(Map.of("a transformer", TestPairs.TRANSFORMER, "convolutions", TestPairs.CONVOLUTIONS));
        List<Case> cases = new ArrayList<>();
        methods.forEach((method, factory) -> encoders.forEach((encoder, vision) ->
                cases.add(new Case(method + ", " + encoder, PROCESSOR, vision, factory, 3, 0, RELATIVE))));
        cases.stream()
                .filter(of -> of.name().equals("SafeCLIP, convolutions"))
                .map(Case::onOpenCl)
                .toList()
                .forEach(cases::add);
        // its last map has one place, so its keys have next to no gradient either: AdamW makes steps of rounding, which
        // grow from step to step
        cases.add(new Case("SafeCLIP, a residual network", PROCESSOR, RESIDUAL, methods.get("SafeCLIP"), 3, 20, 3e-4));
        return cases.stream();
    }

    private static TrainingMethod roClip(Trainer trainer) {
        return new RoClip(Settings.with(RoClipSettings.defaults(), Map.of("epochs", 6, "matchEvery", 2)), trainer);
    }

    private static TrainingMethod cleanClip(Trainer trainer) {
        int[] clean = IntStream.range(0, 40).toArray();
        return new CleanClip(
                Settings.with(ClipSettings.defaults(), "epochs", 4),
                Settings.with(CleanClipSettings.defaults(), Map.of("epochs", 4, "warmupSteps", 2)),
                trainer,
                clean);
    }

    private static TrainingMethod withNeighbours(Trainer trainer) {
        SafeClipParts paper = SafeClipParts.paper(TestPairs.SAFECLIP, trainer);
        return new SafeClip(
                TestPairs.SAFECLIP,
                trainer,
                new SafeClipParts(
                        paper.name(),
                        Settings.with(ScoringSettings.defaults(), "draws", 2),
                        Settings.with(
                                PoolSettings.defaults(),
                                Map.of("neighbours", true, "refill", true, "neighboursAfter", 1)),
                        paper.rates(),
                        paper.selector(),
                        paper.mixedEpoch()));
    }

    /** The model confirms every pair that it scores; otherwise rounding would decide. */
    private static TrainingMethod withAgreement(Trainer trainer) {
        Map<String, Object> lenient = Map.of("objection", 1.0);
        AgreementSettings agreement = Settings.with(AgreementSettings.defaults(), lenient);
        SafeClipParts paper = SafeClipParts.paper(TestPairs.SAFECLIP, trainer);
        return new SafeClip(TestPairs.SAFECLIP, trainer, paper.withAgreement(agreement, TestPairs.SAFECLIP, trainer));
    }

    /** What a training leaves behind. */
    private record Trained(List<Float> losses, List<SafeSplit> splits, double[] weights) {}

    private static List<Trained> trained(int processes, Case of) throws Exception {
        return ThreadJob.run(processes, communicator -> trained(communicator, of));
    }

    private static Trained trained(Communicator processes, Case of) throws Exception {
        TestPairs pairs = TestPairs.of(PAIRS)
                .encodedBy(of.vision())
                .trainedWith("batchSize", BATCH)
                .trainedWith("maxSteps", of.steps());
        try (Backend backend = Backends.open(of.backend())) {
            RecordingListener heard = new RecordingListener();
            ClipModel model = pairs.model(backend);
            Trainer trainer =
                    new Trainer(model, pairs.augmentation().among(processes), pairs.training(), pairs.key(), heard);
            TestPairs.train(of.method().apply(trainer), trainer);
            List<Float> losses =
                    heard.steps.stream().map(TrainingListener.Step::loss).toList();
            return new Trained(losses, heard.splits, weights(model));
        }
    }

    /**
     * Weights and running statistics, without the biases of the keys: the softmax cancels them, so their gradient is rounding alone,
     * which AdamW turns into steps.
     */
    private static double[] weights(ClipModel model) {
        List<Double> weights = new ArrayList<>();
        for (Parameter parameter : model.parameters()) {
            float[] numbers = parameter.tensor().value().toArray();
            boolean packed = parameter.name().endsWith("attn.in_proj_bias"); // of queries, keys and values
            for (int i = 0; i < numbers.length; i++) {
                boolean key =
                        packed ? i * 3 / numbers.length == 1 : parameter.name().endsWith("k_proj.bias");
                weights.add(key ? 0.0 : numbers[i]);
            }
        }
        for (Buffer buffer : model.buffers()) {
            for (float number : buffer.values().toArray()) {
                weights.add((double) number);
            }
        }
        return weights.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The same bits from all processes, and the numbers of one process but for rounding. */
    @ParameterizedTest
    @MethodSource("cases")
    void theyTrainAsOneProcessDoes(Case of) throws Exception {
        assumeThat(of.backend().equals(PROCESSOR) || REQUIRED || opens(of.backend()))
                .as("%s is here", of.backend())
                .isTrue();
        Trained one = trained(1, of).getFirst();
        for (int processes = 2; processes <= of.most(); processes++) {
            List<Trained> all = trained(processes, of);
            Trained first = all.getFirst();
            assertThat(first.losses())
                    .hasSameSizeAs(one.losses())
                    .hasSizeGreaterThanOrEqualTo(of.steps() == 0 ? 50 : of.steps());
            assertThat(worst(first.losses(), one.losses()))
                    .as("losses of %d processes", processes)
                    .isLessThan(of.difference());
            assertThat(distance(first.weights(), one.weights()))
                    .as("weights of %d processes", processes)
                    .isLessThan(of.difference());
            assertThat(first.splits().stream().map(SafeSplit::safe))
                    .usingRecursiveComparison()
                    .isEqualTo(one.splits().stream().map(SafeSplit::safe).toList());
            for (Trained other : all) {
                assertThat(other.losses()).isEqualTo(first.losses());
                assertThat(other.weights()).isEqualTo(first.weights());
            }
        }
    }

    private static boolean opens(String backend) {
        try (Backend _ = Backends.open(backend)) {
            return true;
        } catch (BackendUnavailable e) {
            return false;
        }
    }

    /** Largest |a / b − 1|. */
    private static double worst(List<Float> a, List<Float> b) {
        return IntStream.range(0, b.size())
                .mapToDouble(i -> Math.abs((double) a.get(i) / b.get(i) - 1))
                .max()
                .orElseThrow();
    }

    /** ‖a − b‖ / ‖b‖. */
    private static double distance(double[] a, double[] b) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < b.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            length += b[i] * b[i];
        }
        return Math.sqrt(difference / length);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theSameNumberOfProcessesGivesTheSameBits(int processes) throws Exception {
        Case of = cases().toList().getLast();
        Trained first = trained(processes, of).getFirst();
        Trained second = trained(processes, of).getFirst();
        assertThat(second.losses()).isEqualTo(first.losses());
        assertThat(second.weights()).isEqualTo(first.weights());
    }

    @Test
    void aBatchNeedsAPairForEachProcess() {
        assertThatThrownBy(() -> trained(BATCH + 1, cases().toList().getFirst()))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected at least the 9 processes");
    }
}
