package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Scope;
import org.safeclip.tensor.backend.Storage;

/** What goes wrong with devices, and what is said then. */
final class RobustnessTest {
    private static final int MIB = 1 << 20;

    @AfterEach
    void forgetProperties() {
        System.clearProperty(BufferPool.LIMIT);
        System.clearProperty("org.safeclip.opencl.family");
    }

    private static OpenClBackend open() {
        return new OpenClBackend(Devices.first(), Family.CPU);
    }

    @Test
    void outOfMemoryNamesWhatWasAskedWhatIsThereAndWhatToDo() {
        OpenClDevice device = Devices.first();
        System.setProperty(BufferPool.LIMIT, "2");
        try (OpenClBackend backend = open();
                Scope _ = backend.scope()) {
            assertThat(backend.allocate(MIB / 4).length()).isEqualTo(MIB / 4); // 1 of 2 MiB
            assertThatThrownBy(() -> backend.allocate(MIB / 2))
                    .isInstanceOf(OpenClException.class)
                    .hasMessageContainingAll(
                            "out of device memory",
                            "2.0 MiB more were asked of " + device.name(),
                            "1.0 MiB of 2.0 MiB are in use",
                            "use smaller batches or a smaller model, or another device");
            assertThat(Devices.sumOfFirst(1000, backend)).isEqualTo(500_500f);
        }
    }

    @Test
    void memoryThatLiesIdleIsGivenBackBeforeItRunsOut() {
        System.setProperty(BufferPool.LIMIT, "2");
        try (OpenClBackend backend = open()) {
            for (int length : new int[] {3 * MIB / 8, 3 * MIB / 16, 7 * MIB / 16}) {
                try (Scope _ = backend.scope()) {
                    assertThat(backend.allocate(length).length()).isEqualTo(length);
                }
            }
            assertThat(backend.queue().pool().held()).isLessThanOrEqualTo(2L * MIB);
        }
    }

    @Test
    void aBufferLargerThanTheDeviceAllowsIsRefusedWithItsLimit() {
        OpenClDevice d = Devices.first();
        OpenClDevice narrow = new OpenClDevice(
                d.platformId(),
                d.id(),
                d.name(),
                d.platform(),
                d.version(),
                d.driver(),
                d.cpu(),
                d.units(),
                d.memory(),
                3L * MIB,
                d.localMemory(),
                d.largestGroup(),
                d.vectorWidth(),
                d.extensions());
        try (OpenClBackend backend = new OpenClBackend(narrow, Family.CPU)) {
            assertThatThrownBy(() -> backend.allocate(MIB))
                    .isInstanceOf(OpenClException.class)
                    .hasMessageContainingAll("out of device memory", "4.0 MiB", "it allows 3.0 MiB in one buffer");
        }
    }

    @Test
    void whatDoesNotCompileShowsTheCompilersLog() {
        try (OpenClBackend backend = open()) {
            assertThatThrownBy(() -> backend.queue().launch("adamw", "-Dsigmoid=0nonsense", "adamw"))
                    .isInstanceOf(OpenClException.class)
                    .hasMessageContainingAll("building adamw.cl", "its log:", "nonsense");
            assertThat(Devices.sumOfFirst(10, backend)).isEqualTo(55);
        }
    }

    @Test
    void aDeviceThatIsGoneSaysSoAndTakesNothingWithIt() {
        OpenClBackend backend = open();
        Storage kept = backend.allocate(10);
        assertThat(Devices.sumOfFirst(10, backend)).isEqualTo(55);
        backend.close();
        for (Runnable use : List.<Runnable>of(
                () -> backend.kernels().fill(10, 1, kept),
                () -> kept.read(new float[10], 0, 10),
                () -> kept.write(new float[10], 0, 10),
                () -> backend.allocate(3),
                backend::finish)) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(OpenClException.class)
                    .hasMessage("the device " + Devices.first().name() + " is closed");
        }
        backend.close();
    }

    @Test
    void everyHandleIsReleased() {
        OpenClBackend backend = open();
        Handles handles = backend.queue().handles();
        assertThat(Devices.sumOfFirst(100_000, backend)).isEqualTo(5_000_050_000f);
        try (Scope _ = backend.scope()) {
            IntStorage ids = backend.allocateInts(3);
            ids.write(new int[] {2, 1, 0}, 0, 3);
            assertThat(handles.live()).isGreaterThan(8);
            backend.close();
        }
        assertThat(handles.live()).isZero();
    }

    @Test
    void twoDevicesWorkAtOnce() {
        OpenClDevice last = OpenClDevices.here().found().isEmpty()
                ? Devices.first()
                : OpenClDevices.here().found().getLast();
        try (OpenClBackend one = open();
                OpenClBackend other = new OpenClBackend(last, Family.GPU)) {
            for (int n = 1; n < 2000; n += 333) {
                float sum = (float) (n * (n + 1L) / 2);
                assertThat(Devices.sumOfFirst(n, one)).isEqualTo(sum);
                assertThat(Devices.sumOfFirst(n, other)).isEqualTo(sum);
            }
        }
    }

    @Test
    void memoryOfAClosedScopeIsRefusedByName() {
        try (OpenClBackend backend = open()) {
            Storage storage;
            IntStorage ids;
            try (Scope _ = backend.scope()) {
                storage = backend.allocate(7);
                ids = backend.allocateInts(5);
            }
            assertThatThrownBy(() -> storage.read(new float[7], 0, 7))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("7 floats was used after its scope closed");
            assertThatThrownBy(() -> ids.read(new int[5], 0, 5))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("5 ids were used after their scope closed");
        }
    }

    @Test
    void aSteadyStepTakesNothingFromTheDriver() {
        try (OpenClBackend backend = open()) {
            assertThat(Devices.sumOfFirst(5000, backend)).isEqualTo(12_502_500f);
            long held = backend.queue().pool().held();
            for (int step = 0; step < 5; step++) {
                assertThat(Devices.sumOfFirst(4900 + step, backend)).isPositive();
            }
            assertThat(backend.queue().pool().held()).isEqualTo(held);
        }
    }

    @Test
    void theFamilyFollowsTheDeviceUnlessOneIsAskedFor() {
        OpenClDevice device = Devices.first();
        assertThat(Family.of(device)).isEqualTo(device.cpu() ? Family.CPU : Family.GPU);
        System.setProperty("org.safeclip.opencl.family", "gpu");
        assertThat(Family.of(device)).isEqualTo(Family.GPU);
        System.setProperty("org.safeclip.opencl.family", "fpga");
        assertThatThrownBy(() -> Family.of(device))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("fpga", "cpu or gpu");
    }
}
