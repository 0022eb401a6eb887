package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

class OpenClProviderTest {
    @Test
    void refusesToOpenAndSaysWhatIsThere() {
        Throwable refusal = catchThrowable(() -> new OpenClProvider().open());

        assertThat(refusal).isInstanceOf(BackendUnavailable.class);
        assertThat(refusal.getMessage().lines()).hasSize(1);
        List<OpenClDevice> devices = OpenClDevices.here().found();
        if (devices.isEmpty()) {
            assertThat(refusal).hasMessageMatching("no OpenCL: \\S.*");
        } else {
            assertThat(refusal).hasMessageStartingWith("OpenCL kernels are not part of this version; devices found: ");
            assertThat(devices).allSatisfy(device -> assertThat(refusal).hasMessageContaining(device.name()));
        }
    }

    @Test
    void refusesWithTheSameWordsEachTime() {
        String first = catchThrowable(() -> new OpenClProvider().open()).getMessage();

        assertThat(catchThrowable(() -> new OpenClProvider().open())).hasMessage(first);
    }

    @Test
    void findsADeviceWhereOneIsRequired() {
        if ("opencl".equals(System.getProperty("org.safeclip.require"))) {
            assertThat(OpenClDevices.here().found())
                    .as(OpenClDevices.here().reason())
                    .isNotEmpty();
        } else {
            assertThat(OpenClDevices.here().found().isEmpty())
                    .isNotEqualTo(OpenClDevices.here().reason().isEmpty());
        }
    }

    @Test
    void isFoundByNameAmongTheBackends() {
        assertThat(Backends.providers()).extracting(BackendProvider::name).contains("opencl");
        assertThat(catchThrowable(() -> Backends.open("opencl"))).isInstanceOf(BackendUnavailable.class);
    }

    @Test
    void ranksAboveTheCpu() {
        assertThat(Backends.providers().getFirst().rank()).isEqualTo(new OpenClProvider().rank());
    }
}
