package org.safeclip.experiments.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The method module does not depend on the experiments, and the packages of the experiments depend only downward. */
class PackagesTest {
    private static final JavaClasses PROGRAM = Modules.classes();
    private static final String EXPERIMENTS = "org.safeclip.experiments";

    /** From the lowest to the highest. */
    private static final List<String> ORDER = List.of(
            "image", "source", "dataset", "attack", "eval", "config", "run", "export", "report", "grid", "serve",
            "cli");

    /** What only experiments need. */
    private static final List<String> EXPERIMENTAL = List.of(
            "java.desktop",
            "com.fasterxml.jackson.annotation",
            "tools.jackson.core",
            "tools.jackson.databind",
            "tools.jackson.dataformat.toml",
            "de.siegmar.fastcsv",
            "dev.hardwood.core",
            "info.picocli");

    static Stream<Arguments> packagesAndThoseAbove() {
        return IntStream.range(0, ORDER.size() - 1)
                .mapToObj(i -> Arguments.of(ORDER.get(i), ORDER.subList(i + 1, ORDER.size())));
    }

    @ParameterizedTest
    @MethodSource("packagesAndThoseAbove")
    void packagesOfExperimentsDependDownwardOnly(String lower, List<String> above) {
        noClasses()
                .that()
                .resideInAPackage(EXPERIMENTS + "." + lower + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above.stream()
                        .map(name -> EXPERIMENTS + "." + name + "..")
                        .toArray(String[]::new))
                .check(PROGRAM);
    }

    @Test
    void everyPackageOfTheExperimentsHasAPlaceInTheOrder() {
        List<String> packages = Modules.classesOf("org.safeclip.experiments.cli.Main").stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(EXPERIMENTS)) // neither module-info nor a codec of Parquet
                .distinct()
                .toList();
        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        ORDER.stream().map(name -> EXPERIMENTS + "." + name).toList());
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(PROGRAM);
    }

    @Test
    void theMethodCannotPeekAtPoisonLabelsOrAnythingElseOfAnExperiment() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        EXPERIMENTS + "..",
                        "java.awt..",
                        "javax..",
                        "com.fasterxml..",
                        "tools.jackson..",
                        "de.siegmar..",
                        "dev.hardwood..",
                        "picocli..")
                .check(Modules.classesOf(Modules.METHOD));
    }

    @Test
    void theMethodNeedsNoLibraryOfAnExperiment() {
        assertThat(Modules.descriptor(Modules.place(Modules.METHOD)).requires())
                .extracting(required -> required.name())
                .contains("org.safeclip.nn")
                .doesNotContainAnyElementsOf(EXPERIMENTAL);
        assertThat(Modules.descriptor(Modules.place("org.safeclip.experiments.cli.Main"))
                        .requires())
                .extracting(required -> required.name())
                .as("otherwise this rule checks nothing")
                .contains("org.safeclip", "java.desktop", "de.siegmar.fastcsv", "info.picocli");
    }

    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
