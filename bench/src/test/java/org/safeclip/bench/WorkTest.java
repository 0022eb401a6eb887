package org.safeclip.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static final Ceilings CEILINGS = Ceilings.of(100, 20); // GFLOP/s, GB/s

    @Test
    void aProductIsBoundByMultiplyAddsOrByMemoryWhicheverTakesLonger() {
        Work deep = Work.products(1e6, 1000); // 10 us of flops, 0.2 us of bytes
        assertThat(deep.unit()).isEqualTo("GFLOP/s");
        assertThat(deep.rate(20_000)).isEqualTo(50, within(1e-9));
        assertThat(deep.share(20_000, CEILINGS)).isEqualTo(0.5, within(1e-9));
        Work thin = Work.products(1e6, 1e6); // 10 us of flops, 200 us of bytes
        assertThat(thin.share(400_000, CEILINGS)).isEqualTo(0.5, within(1e-9));
    }

    @Test
    void aCopyReachesItsCeiling() {
        Work copy = Work.memory(2e6);
        assertThat(copy.unit()).isEqualTo("GB/s");
        assertThat(copy.rate(400_000)).isEqualTo(20, within(1e-9));
        assertThat(copy.share(400_000, CEILINGS)).isEqualTo(1, within(1e-9));
    }

    @Test
    void aPairTakesMediansAndTheMedianOfTheRatios() {
        Deque<Double> ours = new ArrayDeque<>(List.of(9.0, 1.0, 2.0, 4.0));
        Deque<Double> theirs = new ArrayDeque<>(List.of(9.0, 3.0, 2.0, 8.0));
        PairedBenchmark pair = PairedBenchmark.of(1, 3, ours::removeFirst, theirs::removeFirst);
        assertThat(pair).isEqualTo(new PairedBenchmark(2, 3, 2));
        assertThat(pair.line("gemm/x", 12).split("\\s+")).containsExactly("gemm/x", "6.00", "4.00", "2.00");
        assertThat(PairedBenchmark.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void anAnswerOfTheOtherProcessIsTwoTimesAndNumbers() {
        Contender.Answer answer = Contender.Answer.of("12 34 0.5 7\n");
        assertThat(answer.cpu()).isEqualTo(12);
        assertThat(answer.wall()).isEqualTo(34);
        assertThat(answer.result()).containsExactly(0.5, 7);
        assertThatThrownBy(() -> Contender.Answer.of("oops")).hasMessageContaining("'oops'");
    }

    @Test
    void theSpreadIsThatOfTheMiddleHalf() {
        assertThat(Roofline.spread(100, 1, 99, 101, 1000)).isEqualTo(0.02, within(1e-9));
        assertThat(Roofline.spread(7)).isZero();
    }

    @Test
    void aBusyMachineIsSaidToBeOne() {
        assertThat(Roofline.warning(List.of(0.01, 0.05, 0.3))).isEmpty();
        assertThat(Roofline.warning(List.of(0.01, 0.2, 0.3)))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("2 of 3 kernels").contains("10 %"));
    }
}
