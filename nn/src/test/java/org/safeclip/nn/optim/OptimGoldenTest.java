package org.safeclip.nn.optim;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.nn.Parameter;
import org.safeclip.nn.io.Golden;
import org.safeclip.tensor.Gradients;
import org.safeclip.tensor.Tensor;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

class OptimGoldenTest {
    static List<Golden.Case> schedules() {
        return Golden.cases("lr_schedule");
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void theReleasedScheduleRisesAgainPastTheEnd(Golden.Case golden) {
        Schedule schedule = Schedule.faithful(
                golden.number("base_lr"), (long) golden.number("warmup"), (long) golden.number("total"));
        double[] steps = golden.numbers("inputs", "step");
        double[] rates = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            rates[i] = schedule.rate((long) steps[i]);
        }
        golden.assertClose("outputs", "lr", rates);
    }

    @Test
    void adamWIsThatOfPyTorch() throws Exception {
        for (Golden.Case golden : Golden.cases("adamw")) {
            try (Backend backend = Backends.open("scalar")) {
                check(golden, backend);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static void check(Golden.Case golden, Backend backend) {
        Parameter w = new Parameter("w", Tensor.parameter(golden.array(backend, "inputs", "w")));
        Parameter b = new Parameter("b", Tensor.parameter(golden.array(backend, "inputs", "b")));
        Map<String, Object> attributes = golden.attributes();
        Map<String, BigDecimal> decay = (Map<String, BigDecimal>) attributes.get("weight_decay");
        List<BigDecimal> betas = (List<BigDecimal>) attributes.get("betas");
        AdamW adam = new AdamW(
                List.of(w, b),
                new AdamW.Settings(
                        decay.get("w").doubleValue(),
                        betas.get(0).doubleValue(),
                        betas.get(1).doubleValue(),
                        golden.number("eps"),
                        parameter -> decay.get(parameter.name()).signum() > 0));
        List<BigDecimal> rates = (List<BigDecimal>) attributes.get("lrs");
        for (int s = 0; s < rates.size(); s++) {
            // the gradient of sum(w * g) with respect to w is g
            Tensor loss = w.tensor().mul(gradient(golden, backend, s, "w")).sum();
            loss = loss.add(b.tensor().mul(gradient(golden, backend, s, "b")).sum());
            Gradients gradients = loss.backward();
            adam.step(gradients, rates.get(s).doubleValue());
            golden.assertClose("outputs", "p" + s + ":w", w.tensor().value().toArray());
            golden.assertClose("outputs", "p" + s + ":b", b.tensor().value().toArray());
        }
        for (AdamW.Moments moments : adam.moments()) {
            golden.assertClose("outputs", "m:" + moments.name(), moments.first().toArray());
            golden.assertClose(
                    "outputs", "v:" + moments.name(), moments.second().toArray());
        }
    }

    private static Tensor gradient(Golden.Case golden, Backend backend, int step, String name) {
        return Tensor.constant(golden.array(backend, "inputs", "g" + step + ":" + name));
    }
}
