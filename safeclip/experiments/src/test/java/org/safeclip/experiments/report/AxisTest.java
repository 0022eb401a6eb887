package org.safeclip.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AxisTest {
    @Test
    void ticksAreRoundAndInside() {
        Axis axis = new Axis(-0.13, 0.41, 0, 100);

        assertThat(axis.ticks(5).stream().map(tick -> axis.label(tick, 5))).containsExactly("0.0", "0.2", "0.4");
        assertThat(new Axis(0, 9400, 0, 1).ticks(5)).containsExactly(0.0, 2000.0, 4000.0, 6000.0, 8000.0);
    }

    @Test
    void aSingleValueHasACoordinate() {
        assertThat(new Axis(3, 3, 10, 20).at(3)).isEqualTo(10);
    }
}
