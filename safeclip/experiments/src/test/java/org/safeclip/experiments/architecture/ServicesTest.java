package org.safeclip.experiments.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.safeclip.nn.parallel.CommunicatorProvider;
import org.safeclip.tensor.backend.BackendProvider;

/** Providers are declared for the module path and for the class path; both declarations must agree. */
class ServicesTest {
    @Test
    void classPathAndModulePathOfferTheSameBackends() throws IOException {
        assertThat(offering(BackendProvider.class.getName()))
                .as("modules that provide a backend")
                .isEqualTo(2);
    }

    @Test
    void classPathAndModulePathOfferTheSameCommunicators() throws IOException {
        assertThat(offering(CommunicatorProvider.class.getName()))
                .as("modules that connect processes")
                .isEqualTo(1);
    }

    /** The number of modules that offer a service, having compared their two declarations. */
    private static int offering(String service) throws IOException {
        int offering = 0;
        for (Path place : Modules.places()) {
            List<String> byModule = Modules.descriptor(place).provides().stream()
                    .filter(provides -> provides.service().equals(service))
                    .flatMap(provides -> provides.providers().stream())
                    .toList();
            assertThat(byServicesFile(place, service))
                    .as("META-INF/services in " + place)
                    .isEqualTo(byModule);
            offering += byModule.isEmpty() ? 0 : 1;
        }
        return offering;
    }

    private static List<String> byServicesFile(Path place, String service) throws IOException {
        try (URLClassLoader alone = new URLClassLoader(new URL[] {place.toUri().toURL()}, null)) {
            URL file = alone.findResource("META-INF/services/" + service);
            if (file == null) {
                return List.of();
            }
            try (InputStream in = file.openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList();
            }
        }
    }
}
