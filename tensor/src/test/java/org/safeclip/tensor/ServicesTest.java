package org.safeclip.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;
import org.safeclip.tensor.cpu.ScalarProvider;
import org.safeclip.tensor.cpu.SimdProvider;

/** How backends are found, on the module path and on the class path. */
final class ServicesTest {
    private static final String[] PROVIDERS = {ScalarProvider.class.getName(), SimdProvider.class.getName()};

    @Test
    void theClassPathListsEveryProvider() throws IOException {
        try (InputStream in =
                Backends.class.getResourceAsStream("/META-INF/services/" + BackendProvider.class.getName())) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(lines).containsExactlyInAnyOrder(PROVIDERS);
        }
    }

    @Test
    void theModuleListsEveryProvider() {
        Module module = Backends.class.getModule();
        Assumptions.assumeTrue(module.isNamed(), "the tests run on the class path, where there is no module");
        List<String> provided = new ArrayList<>();
        module.getDescriptor().provides().forEach(service -> provided.addAll(service.providers()));
        assertThat(provided).containsExactlyInAnyOrder(PROVIDERS);
    }

    @Test
    void theBestComesFirst() {
        List<Integer> ranks =
                Backends.providers().stream().map(BackendProvider::rank).toList();
        assertThat(ranks).isSortedAccordingTo((a, b) -> b - a).contains(0, 1);
    }

    @Test
    void backendsOpenByName() throws BackendUnavailable {
        for (String name : List.of("scalar", "simd")) {
            try (Backend backend = Backends.open(name)) {
                assertThat(backend.name()).isEqualTo(name);
                assertThat(backend.describe()).isNotBlank().doesNotContain("\n");
            }
        }
        try (Backend best = Backends.best()) {
            assertThat(best.name()).isNotEqualTo("scalar");
        }
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Backends.open("cuda"))
                .isInstanceOf(BackendUnavailable.class)
                .hasMessageContainingAll("'cuda'", "scalar", "simd");
    }
}
