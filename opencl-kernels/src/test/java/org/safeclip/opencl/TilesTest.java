package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.tensor.backend.AttentionShape;

/** How the GPU kernels divide work, which needs no device to look at. */
final class TilesTest {
    private static OpenClDevice gpu(int largestGroup, long localMemory) {
        return new OpenClDevice(
                new cl_platform_id(),
                new cl_device_id(),
                "none",
                "none",
                "OpenCL 1.2",
                "none",
                false,
                132,
                1L << 34,
                1L << 32,
                localMemory,
                largestGroup,
                1,
                List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20, 32, 64, 65, 128})
    void attentionFitsIntoTheDevice(int head) {
        for (OpenClDevice device : List.of(gpu(1024, 48 << 10), gpu(256, 32 << 10))) {
            for (int tokens = 1; tokens <= 300; tokens++) {
                AttentionShape s = new AttentionShape(2, tokens, 3, head, tokens % 2 == 0);
                for (AttentionTile tile :
                        List.of(AttentionTile.forward(s, device), AttentionTile.backward(s, device))) {
                    assertThat(tile.items()).isLessThanOrEqualTo(device.largestGroup());
                    assertThat(tile.bytes()).as("%s", tile).isLessThanOrEqualTo(device.localMemory());
                    assertThat(tile.wide() * tile.columns() % 4).isZero();
                }
            }
        }
    }

    @Test
    void attentionHasLittlePadding() {
        OpenClDevice device = gpu(1024, 48 << 10);
        for (int tokens : new int[] {17, 50, 65, 77, 197, 257}) {
            AttentionShape s = new AttentionShape(2, tokens, 3, 64, false);
            for (AttentionTile tile : List.of(AttentionTile.forward(s, device), AttentionTile.backward(s, device))) {
                int rows = (tokens + tile.own() - 1) / tile.own() * tile.own();
                assertThat(rows)
                        .as("%d tokens in %s", tokens, tile)
                        .isLessThanOrEqualTo(tokens + Math.max(7, tokens / 3));
            }
        }
    }

    @Test
    void permutationsSayWhereEveryNumberComesFrom() {
        Random random = new Random(3);
        int[][] orders = {{0, 1, 2, 3}, {3, 2, 1, 0}, {0, 2, 1, 3}, {0, 2, 3, 1}, {1, 0, 3, 2}, {2, 3, 0, 1}};
        for (int[] axes : orders) {
            int[] dims = random.ints(4, 1, 5).toArray();
            Permutation p = Permutation.of(dims, axes);
            for (int i = 0; i < p.size(); i++) {
                int from = 0;
                int left = i;
                for (int axis = 0; axis < p.count(); axis++) {
                    assertThat(i / p.to()[axis] % p.dims()[axis]).isEqualTo(left % p.dims()[axis]);
                    from += left % p.dims()[axis] * p.from()[axis];
                    left /= p.dims()[axis];
                }
                assertThat(from).as("number %d", i).isEqualTo(source(dims, axes, i));
            }
        }
    }

    /** Where number i of the new array lies in the old one, axis by axis. */
    private static int source(int[] dims, int[] axes, int i) {
        int[] place = new int[dims.length];
        for (int j = axes.length - 1; j >= 0; j--) {
            place[axes[j]] = i % dims[axes[j]];
            i /= dims[axes[j]];
        }
        int from = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            from = from * dims[axis] + place[axis];
        }
        return from;
    }
}
