package org.safeclip.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.safeclip.golden.Golden;
import org.safeclip.golden.GoldenAttributes;
import org.safeclip.golden.GoldenCase;
import org.safeclip.nn.Parameter;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;

class OptimGoldenTest {
    @TestFactory
    Stream<DynamicTest> theReleasedScheduleRisesAgainPastTheEnd() {
        return Golden.tests("lr_schedule").check(OptimGoldenTest::schedule);
    }

    private static void schedule(GoldenCase golden) {
        GoldenAttributes attrs = golden.attrs();
        Schedule schedule = new Schedule.WarmupCosine(
                attrs.number("base_lr"),
                attrs.integer("warmup"),
                attrs.number("total"),
                attrs.flag("clamp_after_total"));
        double[] steps = golden.numbers("step");
        double[] rates = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            assertThat((double) (long) steps[i]).as("a whole step").isEqualTo(steps[i]);
            rates[i] = schedule.rate((long) steps[i]);
        }
        golden.assertClose("lr", rates);
    }

    @TestFactory
    Stream<DynamicTest> adamWIsThatOfPyTorch() {
        return Golden.tests("adamw").check(List.of("scalar"), OptimGoldenTest::adamW);
    }

    private static void adamW(GoldenCase golden, Backend backend) {
        Parameter w = new Parameter("w", Tensor.parameter(golden.array(backend, "inputs", "w")));
        Parameter b = new Parameter("b", Tensor.parameter(golden.array(backend, "inputs", "b")));
        GoldenAttributes attrs = golden.attrs();
        double[] betas = attrs.numbers("betas");
        GoldenAttributes decay = attrs.object("weight_decay");
        decay.require("b", 0); // one decay for those that decay
        AdamW adam = new AdamW(
                List.of(w, b),
                new AdamW.Settings(
                        decay.number("w"),
                        betas[0],
                        betas[1],
                        attrs.number("eps"),
                        parameter -> parameter.name().equals("w")));
        Schedule schedule = Schedule.faithful(attrs.number("base_lr"), attrs.integer("warmup"), attrs.number("total"));
        double[] rates = attrs.numbers("lrs");
        for (int s = 0; s < rates.length; s++) {
            assertThat(schedule.rate(s)).isCloseTo(rates[s], within(1e-15));
            // the gradient of sum(w * g) with respect to w is g
            Tensor loss = w.tensor().mul(gradient(golden, backend, s, "w")).sum();
            loss = loss.add(b.tensor().mul(gradient(golden, backend, s, "b")).sum());
            Gradients gradients = loss.backward();
            adam.step(gradients, rates[s]);
            golden.assertClose("outputs", "p" + s + ":w", w.tensor().value());
            golden.assertClose("outputs", "p" + s + ":b", b.tensor().value());
        }
        for (AdamW.Moments moments : adam.moments()) {
            golden.assertClose("outputs", "m:" + moments.name(), moments.first());
            golden.assertClose("outputs", "v:" + moments.name(), moments.second());
        }
    }

    private static Tensor gradient(GoldenCase golden, Backend backend, int step, String name) {
        return Tensor.constant(golden.array(backend, "inputs", "g" + step + ":" + name));
    }
}
