package org.safeclip.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.safeclip.nn.optim.AdamW;
import org.safeclip.nn.optim.GradientClip;
import org.safeclip.nn.optim.Schedule;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Scope;

class LearningTest {
    private static final int PAIRS = 8;
    private static final int STEPS = 150;

    record Net(Linear first, Linear second) implements Layer {
        static Net random(Backend backend, RandomGenerator random) {
            return new Net(Linear.random(6, 16, 0.4, backend, random), Linear.random(16, PAIRS, 0.3, backend, random));
        }

        @Override
        public Tensor apply(Tensor x) {
            return second.apply(first.apply(x).gelu());
        }
    }

    /** Losses before and after, and every weight at the end. */
    private record Run(float before, float after, float[] weights) {}

    @SuppressWarnings("try") // the scope is there to be closed
    private static Run run(long seed) throws Exception {
        RandomGenerator random = new SplittableRandom(seed);
        try (Backend backend = Backends.open("scalar")) {
            Net net = Net.random(backend, random);
            Tensor x = Tensor.constant(
                    Initialisers.normal(backend, random, 1, PAIRS, 6).value());
            IntStorage targets = backend.allocateInts(PAIRS);
            targets.write(new int[] {3, 1, 4, 1, 5, 2, 6, 0}, 0, PAIRS);
            AdamW optimizer =
                    new AdamW(net.parameters(), AdamW.Settings.standard().withDecay(0));
            GradientClip clip = new GradientClip(1);
            Schedule schedule = Schedule.fixed(0.02, 10, STEPS);
            float before = 0;
            float after = 0;
            for (int i = 0; i < STEPS; i++) {
                try (Scope step = backend.scope()) {
                    Tensor loss = net.apply(x).crossEntropy(targets);
                    Gradients gradients = loss.backward();
                    optimizer.step(gradients, schedule.rate(i), clip.scale(net.parameters(), gradients));
                    after = loss.item();
                    before = i == 0 ? after : before;
                }
            }
            return new Run(before, after, net.first().weight().value().toArray());
        }
    }

    @Test
    void aBatchIsMemorised() throws Exception {
        Run run = run(1);
        assertThat(run.before()).isGreaterThan(1);
        assertThat(run.after()).isLessThan(0.05f);
    }

    @Test
    void sameSeedSameBits() throws Exception {
        assertThat(run(2).weights()).isEqualTo(run(2).weights());
        assertThat(run(2).weights()).isNotEqualTo(run(3).weights());
    }
}
