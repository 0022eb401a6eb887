package org.safeclip.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void fixedRisesFallsAndStaysAtZero() {
        Schedule schedule = Schedule.fixed(1, 4, 20);
        assertThat(schedule.rate(0)).isEqualTo(0.25);
        assertThat(schedule.rate(3)).isEqualTo(1);
        assertThat(schedule.rate(4)).isEqualTo(1);
        assertThat(schedule.rate(12)).isCloseTo(0.5, within(1e-12));
        assertThat(schedule.rate(20)).isZero();
        assertThat(schedule.rate(36)).isZero();
        assertThat(Schedule.faithful(1, 4, 20).rate(36)).isCloseTo(1, within(1e-12));
    }

    @Test
    void aWarmUpThatDoesNotFitIsCutOrRefused() {
        assertThat(Schedule.fixed(1, 10_000, 500).warmup()).isEqualTo(50);
        assertThat(Schedule.fixed(1, 499, 500).warmup()).isEqualTo(499);
        assertThat(Schedule.fixed(1, 5, 3).warmup()).isZero();
        assertThatThrownBy(() -> Schedule.faithful(1, 500, 500))
                .hasMessageContaining("a warm-up of 500 steps in a schedule of 500.0 steps");
    }

    @Test
    void constantIsConstant() {
        assertThat(Schedule.constant(5e-6).rate(123)).isEqualTo(5e-6);
    }
}
