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

/** Each module depends only on the modules below it. A rule that matches no class fails, too. */
class LayersTest {
    private static final JavaClasses PROGRAM = Modules.classes();

    @Test
    void backendInterfacesDoNotDependOnBackends() {
        noClasses()
                .that()
                .resideInAPackage("org.safeclip.tensor.backend")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.safeclip.tensor", "org.safeclip.tensor.cpu", "org.safeclip.tensor.check")
                .check(PROGRAM);
    }

    @Test
    void tensorsUseOnlyBackendInterfaces() {
        noClasses()
                .that()
                .resideInAnyPackage("org.safeclip.tensor", "org.safeclip.tensor.check")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.safeclip.tensor.cpu")
                .check(PROGRAM);
    }

    @ParameterizedTest
    @CsvSource({"jdk.incubator.vector, org.safeclip.tensor.cpu|org.safeclip.selection", "org.jocl, org.safeclip.opencl"
    })
    void hardwareLibrariesStayInTheirPackages(String library, String homes) {
        noClasses()
                .that()
                .resideOutsideOfPackages(homes.split("\\|"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(PROGRAM);
        for (String home : homes.split("\\|")) {
            assertThat(PROGRAM.that(resideInAPackage(home)))
                    .as(home + " uses " + library + ": otherwise this rule checks nothing")
                    .anySatisfy(type -> assertThat(type.getDirectDependenciesFromSelf())
                            .anyMatch(
                                    use -> use.getTargetClass().getPackageName().equals(library)));
        }
    }

    @ParameterizedTest
    @CsvSource({"org.safeclip.tensor.., org.safeclip.tensor..", "org.safeclip.nn.., org.safeclip.tensor.."})
    void modulesDependOnlyOnLowerModules(String module, String below) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(resideInAPackage("org.safeclip..").and(not(resideInAnyPackage(module, below))))
                .check(PROGRAM);
    }

    @Test
    void tensorAndLayersNeedOnlyTheJdk() {
        noClasses()
                .that()
                .resideInAnyPackage("org.safeclip.tensor..", "org.safeclip.nn..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("org.safeclip..", "java..", "jdk.incubator.vector", "org.jspecify.annotations")
                .check(PROGRAM);
    }

    @ParameterizedTest
    @CsvSource({"org.safeclip.train..", "org.safeclip.loss..", "org.safeclip.selection.."})
    void buildingBlocksDoNotDependOnMethodsOrExperiments(String block) {
        noClasses()
                .that()
                .resideInAPackage(block)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.safeclip.baseline..", "org.safeclip.reference..", "org.safeclip.experiments..")
                .check(PROGRAM);
    }

    @ParameterizedTest
    @CsvSource({"org.safeclip.experiments.cli..", "org.safeclip.opencl..", "org.safeclip.mpi.."})
    void nothingDependsOn(String top) {
        noClasses()
                .that()
                .resideOutsideOfPackage(top)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(top)
                .check(PROGRAM);
    }

    @Test
    void everyPackageIsCheckedForNull() {
        List<String> unmarked = PROGRAM.stream()
                .map(type -> type.getPackage())
                .distinct()
                .filter(place -> place.getRelativeName().length() > 0 && !place.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked)
                .as("packages without @NullMarked in their package-info.java")
                .isEmpty();
    }
}
