package org.safeclip.opencl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.safeclip.tensor.backend.MatMulShape;

class TuningTest {
    private static final GemmTileSizes SIZES = new GemmTileSizes(
            new GemmTileSizes.Cpu(8, 3, 8, 512),
            new GemmTileSizes.Gpu(64, 128, 16, 4, 8),
            new GemmTileSizes.Gpu(32, 64, 16, 4, 4));

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void useItAsCache() {
        System.setProperty(Tuning.FOLDER, folder.toString());
    }

    @AfterEach
    void forgetIt() {
        System.clearProperty(Tuning.FOLDER);
    }

    private static OpenClDevice device(int largestGroup, long localMemory, int vectorWidth) {
        return new OpenClDevice(
                new cl_platform_id(),
                new cl_device_id(),
                "Card (TM) 9/b",
                "Some Driver",
                "OpenCL 1.2",
                "1",
                false,
                80,
                1L << 33,
                1L << 31,
                localMemory,
                largestGroup,
                vectorWidth,
                List.of());
    }

    @Test
    void whatIsStoredIsUsed() throws IOException {
        OpenClDevice device = device(1024, 1 << 15, 1);
        assertThat(Tuning.stored(device)).isEmpty();
        assertThat(GemmTileSizes.of(device)).isEqualTo(GemmTileSizes.shipped(device));
        Tuning.store(device, SIZES);
        assertThat(Tuning.file(device)).isEqualTo(folder.resolve("opencl-some-driver-card-tm-9-b.properties"));
        assertThat(GemmTileSizes.of(device)).isEqualTo(SIZES);
    }

    @Test
    void aDamagedFileIsIgnored() throws IOException {
        OpenClDevice device = device(1024, 1 << 15, 1);
        Tuning.store(device, SIZES);
        String whole = Files.readString(Tuning.file(device));
        for (String damaged : new String[] {
            "",
            "\u0000\\uXX",
            whole.replace("cpu.rows=8", "cpu.rows=eight"),
            whole.replace("cpu.rows=8", "cpu.rows=999"),
            whole.replace("cpu.width=8", "cpu.width=7"),
            whole.replace("gpu.large.rows=4", "gpu.large.rows=5"),
            whole.replace("gpu.small.blockDepth=16", "")
        }) {
            Files.writeString(Tuning.file(device), damaged);
            assertThat(GemmTileSizes.of(device)).as(damaged).isEqualTo(GemmTileSizes.shipped(device));
        }
    }

    @Test
    void whatADeviceHasNoRoomForIsIgnored() throws IOException {
        OpenClDevice small = device(64, 1 << 13, 1);
        Tuning.store(small, SIZES);
        assertThat(GemmTileSizes.of(small)).isEqualTo(GemmTileSizes.shipped(small));
    }

    @Test
    void shippedSizesFitEveryDevice() {
        for (int group : new int[] {64, 128, 256, 1024}) {
            for (int local : new int[] {1 << 13, 1 << 14, 1 << 15, 1 << 20}) {
                for (int vector : new int[] {1, 4, 8, 16}) {
                    OpenClDevice device = device(group, local, vector);
                    GemmTileSizes sizes = GemmTileSizes.shipped(device);
                    assertThat(sizes.gpuLarge().fits(device)).isTrue();
                    assertThat(sizes.gpuSmall().fits(device)).isTrue();
                    assertThat(sizes.cpu().width()).isBetween(4, 16);
                }
            }
        }
    }

    @Test
    void slicesCoverAllOfK() {
        for (int k : new int[] {1, 255, 256, 1000, 4352}) {
            for (long wanted : new long[] {1, 7, 264}) {
                SplitK split = SplitK.of(MatMulShape.of(3, 5, k), 2, wanted, 8);
                assertThat((long) split.count() * split.length()).isGreaterThanOrEqualTo(k);
                assertThat((long) (split.count() - 1) * split.length()).isLessThan(k);
                assertThat(split.length() % 8).isZero();
            }
        }
    }

    @Test
    void plansCoverAllOfKAndFillTheirRounds() {
        for (int k : new int[] {0, 1, 255, 256, 1000, 12800}) {
            for (int side : new int[] {1, 130, 700}) {
                SplitK split = GemmPlan.of(MatMulShape.of(side, side, k), 128, 128, 264, 16, 32)
                        .split();
                assertThat((long) split.count() * split.length()).isGreaterThanOrEqualTo(k);
                assertThat((long) (split.count() - 1) * split.length()).isLessThan(Math.max(1, k));
                assertThat(split.length() % 16).isZero();
            }
        }
        // the gradient of a weight: 24 x 6 blocks are half a round of 264, and so would be the second of 2 slices each
        SplitK split = GemmPlan.of(new MatMulShape(1, 3072, 768, 12800, true, false), 128, 128, 264, 8, 32)
                .split();
        double rounds = 144.0 * split.count() / 264;
        assertThat(rounds / Math.ceil(rounds)).isGreaterThan(0.9);
        MatMulShape batch = new MatMulShape(3, 64, 64, 4096, false, false);
        assertThat(GemmPlan.of(batch, 128, 128, 264, 8, 32).split().count()).isEqualTo(1);
    }

    @Test
    void ptxIsEditedAsItsOptionsAsk() {
        String ptx = ".target sm_90, texmode\n.entry f(\n)\n.reqntid 256, 1, 1\n{\n//@ wgmma;\n}\n";
        assertThat(new String(PtxEdit.edit(ptx.getBytes(US_ASCII), PtxEdit.UNCOVER), US_ASCII))
                .isEqualTo(".target sm_90a, texmode\n.entry f(\n)\n.reqntid 256, 1, 1\n{\n wgmma;\n}\n");
        assertThat(new String(PtxEdit.edit(ptx.getBytes(US_ASCII), "-DGROUPS_OF_UNIT=2"), US_ASCII))
                .isEqualTo(ptx.replace("1, 1\n", "1, 1\n.minnctapersm 2\n"));
        assertThat(PtxEdit.isWanted("-DBM=64")).isFalse();
    }
}
