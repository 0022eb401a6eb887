package org.safeclip.experiments.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.SafeClip;

/** Each room knows only the room below it. A rule whose first half names no class at all fails, too. */
class LayersTest {
    private static final JavaClasses HOUSE = Modules.classes();

    @Test
    void theContractWithHardwareKnowsNoDevice() {
        noClasses()
                .that()
                .resideInAPackage("org.safeclip.tensor.backend")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.safeclip.tensor", "org.safeclip.tensor.cpu", "org.safeclip.tensor.check")
                .check(HOUSE);
    }

    @Test
    void tensorsReachDevicesThroughTheContractOnly() {
        noClasses()
                .that()
                .resideInAnyPackage("org.safeclip.tensor", "org.safeclip.tensor.check")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.safeclip.tensor.cpu")
                .check(HOUSE);
    }

    @ParameterizedTest
    @CsvSource({"jdk.incubator.vector, org.safeclip.tensor.cpu", "org.jocl, org.safeclip.opencl"})
    void hardwareLibrariesStayInTheirRoom(String library, String room) {
        noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(HOUSE);
        assertThat(HOUSE.that(resideInAPackage(room)))
                .as(room + " uses " + library + ": else this rule watches nothing")
                .anySatisfy(type -> assertThat(type.getDirectDependenciesFromSelf())
                        .anyMatch(use -> use.getTargetClass().getPackageName().equals(library)));
    }

    @ParameterizedTest
    @CsvSource({"org.safeclip.tensor.., org.safeclip.tensor..", "org.safeclip.nn.., org.safeclip.tensor.."})
    void aModuleKnowsItselfAndTheModuleBelow(String module, String below) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(resideInAPackage("org.safeclip..").and(not(resideInAnyPackage(module, below))))
                .check(HOUSE);
    }

    @Test
    void tensorAndLayersNeedNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAnyPackage("org.safeclip.tensor..", "org.safeclip.nn..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("org.safeclip..", "java..", "jdk.incubator.vector", "org.jspecify.annotations")
                .check(HOUSE);
    }

    @Test
    void theDefenceCannotPeekAtThePoisonLabels() {
        noClasses()
                .that()
                .belongToAnyOf(SafeClip.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.safeclip.attack..", "org.safeclip.eval..")
                .check(HOUSE);
    }

    @ParameterizedTest
    @CsvSource({"org.safeclip.learn..", "org.safeclip.trust.."})
    void theTwoLoopsKnowNeitherAttackNorAudience(String loop) {
        noClasses()
                .that()
                .resideInAPackage(loop)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.safeclip.attack..",
                        "org.safeclip.baseline..",
                        "org.safeclip.cli..",
                        "org.safeclip.eval..",
                        "org.safeclip.report..")
                .check(HOUSE);
    }

    @ParameterizedTest
    @CsvSource({"org.safeclip.cli..", "org.safeclip.opencl.."})
    void nothingDependsOn(String room) {
        noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(room)
                .check(HOUSE);
    }

    @Test
    void everyPackageIsCheckedForNull() {
        List<String> unmarked = HOUSE.stream()
                .map(type -> type.getPackage())
                .distinct()
                .filter(room -> room.getRelativeName().length() > 0 && !room.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked)
                .as("packages without @NullMarked in their package-info.java")
                .isEmpty();
    }
}
