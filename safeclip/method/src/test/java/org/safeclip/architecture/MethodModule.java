package org.safeclip.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.safeclip.SafeClip;

/** The module under test, read from the folder or jar that its classes lie in. */
public final class MethodModule {
    private MethodModule() {}

    /** Its classes, without the tests. */
    public static JavaClasses classes() {
        URI uri = place().toUri();
        Location location = Location.of(Files.isDirectory(place()) ? uri : URI.create("jar:" + uri + "!/"));
        return new ClassFileImporter().importLocations(List.of(location));
    }

    /** What its {@code module-info} says: a class path forgets it. */
    public static ModuleDescriptor descriptor() {
        return ModuleFinder.of(place()).findAll().iterator().next().descriptor();
    }

    private static Path place() {
        try {
            return Path.of(SafeClip.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
