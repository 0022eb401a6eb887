package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Groups of rows, and ranks. */
class GroupsTest {
    @Test
    void equalValuesShareTheirMeanRank() {
        assertThat(Groups.ranks(new double[] {3, 1, 3, 7})).containsExactly(.625, .25, .625, 1);
    }

    @Test
    void linksReachAcrossOthers() {
        NearestLists lists = new NearestLists(
                2, new int[] {2, 1, 0, 3, 4, 0, 1, 4, 2, 3}, new float[] {.99f, .2f, .3f, .1f, 1, .99f, .5f, .2f, 1, .9f
                });
        assertThat(Groups.linked(lists, .99f)).containsExactly(0, 1, 0, 2, 0);
        assertThat(Groups.members(new int[] {0, 1, 0, 2, 0}, 3)).isDeepEqualTo(new int[][] {{0, 2, 4}, {1}, {3}});
        assertThat(Groups.means(new double[] {1, 5, 2, 7, 6}, new int[] {0, 1, 0, 2, 0}, 4))
                .containsExactly(3, 5, 7, 0);
    }
}
