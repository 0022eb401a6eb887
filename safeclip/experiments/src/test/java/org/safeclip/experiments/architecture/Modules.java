package org.safeclip.experiments.architecture;

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

/** The program's modules, each identified by one of its classes, as found on this test's path. */
final class Modules {
    static final String METHOD = "org.safeclip.SafeClip";

    private static final List<String> MEMBERS = List.of(
            "org.safeclip.tensor.Tensor",
            "org.safeclip.nn.Linear",
            "org.safeclip.opencl.OpenClProvider",
            "org.safeclip.mpi.MpiProvider",
            METHOD,
            "org.safeclip.experiments.cli.Main");

    private Modules() {}

    /** Every class of the program, without its tests. */
    static JavaClasses classes() {
        return importer(places());
    }

    /** The classes of the module that one of them identifies. */
    static JavaClasses classesOf(String member) {
        return importer(List.of(place(member)));
    }

    private static JavaClasses importer(List<Path> places) {
        return new ClassFileImporter()
                .importLocations(places.stream().map(Modules::location).toList());
    }

    /** Folder or jar of each module. */
    static List<Path> places() {
        return MEMBERS.stream().map(Modules::place).toList();
    }

    /** The module descriptor, read from the folder or jar, because the class path ignores it. */
    static ModuleDescriptor descriptor(Path place) {
        return ModuleFinder.of(place).findAll().iterator().next().descriptor();
    }

    private static Location location(Path place) {
        URI uri = place.toUri();
        return Location.of(Files.isDirectory(place) ? uri : URI.create("jar:" + uri + "!/"));
    }

    /** Folder or jar of the module that a class belongs to. */
    static Path place(String member) {
        try {
            Class<?> type = Class.forName(member, false, ClassLoader.getSystemClassLoader());
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException(member + " is not on the path of this test", e);
        }
    }
}
