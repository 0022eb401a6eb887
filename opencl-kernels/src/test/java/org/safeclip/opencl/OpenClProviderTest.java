package org.safeclip.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.backend.DeviceInfo;

class OpenClProviderTest {
    private static final List<OpenClDevice> FOUND = OpenClDevices.here().found();

    @Test
    void findsADeviceWhereOneIsRequiredAndElseSaysWhyNot() {
        if ("opencl".equals(System.getProperty("org.safeclip.require"))) {
            assertThat(FOUND).as(OpenClDevices.here().reason()).isNotEmpty();
        } else {
            assertThat(FOUND.isEmpty())
                    .isNotEqualTo(OpenClDevices.here().reason().isEmpty());
        }
    }

    @Test
    void withoutADeviceTheReasonIsOneLine() {
        OpenClDevices none = new OpenClDevices(List.of(), "no platform");
        assertThatThrownBy(none::best).isInstanceOf(BackendUnavailable.class).hasMessage("no OpenCL: no platform");
        assertThatThrownBy(() -> none.named("0"))
                .isInstanceOf(BackendUnavailable.class)
                .hasMessage("no OpenCL: no platform");
        assertThat(OpenClDevices.here().reason().lines().count()).isLessThanOrEqualTo(1);
    }

    @Test
    void isFoundByNameAmongTheBackends() {
        assertThat(Backends.providers()).extracting(BackendProvider::name).contains("opencl");
    }

    /** A CPU driver runs on the processor that the SIMD backend uses better, so it is no default. */
    @Test
    void ranksAboveTheProcessorOnlyWithADeviceThatIsNone() {
        boolean another = FOUND.stream().anyMatch(device -> !device.cpu());
        assertThat(new OpenClProvider().rank()).isEqualTo(another ? 2 : 0);
    }

    @Test
    void opensADeviceByNumberAndByName() throws BackendUnavailable {
        Assumptions.assumeFalse(FOUND.isEmpty(), OpenClDevices.here().reason());
        OpenClDevice last = FOUND.getLast();
        try (Backend byNumber = Backends.open("opencl", Integer.toString(FOUND.size() - 1));
                Backend byName = Backends.open("opencl", last.toString())) {
            assertThat(byNumber.describe()).startsWith(last.name()).doesNotContain("\n");
            assertThat(byName.describe()).isEqualTo(byNumber.describe());
        }
    }

    @Test
    void refusesADeviceThatIsNotThereWithThoseThatAre() {
        Assumptions.assumeFalse(FOUND.isEmpty(), OpenClDevices.here().reason());
        assertThatThrownBy(() -> Backends.open("opencl", "no such device"))
                .isInstanceOf(BackendUnavailable.class)
                .hasMessageContainingAll("'no such device'", "0: " + FOUND.getFirst());
        assertThatThrownBy(() -> Backends.open("opencl", Integer.toString(FOUND.size())))
                .isInstanceOf(BackendUnavailable.class);
    }

    @Test
    void tellsTheFactsOfEveryDeviceInTheOrderOfTheirNumbers() {
        assertThat(new OpenClProvider().devices())
                .extracting(DeviceInfo::name)
                .containsExactlyElementsOf(
                        FOUND.stream().map(OpenClDevice::name).toList());
        assertThat(new OpenClProvider().devices())
                .allSatisfy(device -> assertThat(String.join("\n", device.facts()))
                        .containsPattern("memory +[\\d,]+ MiB")
                        .containsPattern("compute units +\\d"));
    }
}
