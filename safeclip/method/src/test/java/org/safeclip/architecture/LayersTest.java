package org.safeclip.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every package of the method knows only those below it. */
class LayersTest {
    private static final JavaClasses CLASSES = MethodModule.classes();
    private static final String ROOT = "org.safeclip";

    /** For every package those of this module that it may use, from the bottom to the top; "" is the root package. */
    private static final Map<String, List<String>> LAYERS = new LinkedHashMap<>();

    static {
        LAYERS.put("settings", List.of());
        LAYERS.put("data", List.of("settings"));
        LAYERS.put("model", List.of("settings"));
        LAYERS.put("selection", List.of("settings", "data", "model"));
        LAYERS.put("train", List.of("settings", "data", "model", "selection"));
        LAYERS.put("loss", List.of("settings", "data", "model", "train"));
        LAYERS.put("", List.of("settings", "selection", "train", "loss"));
        LAYERS.put("reference", List.of("settings", "selection", "train", "loss", ""));
        LAYERS.put("baseline", List.of("settings", "data", "model", "train", "loss", ""));
    }

    static Stream<String> packages() {
        return LAYERS.keySet().stream();
    }

    private static String full(String layer) {
        return layer.isEmpty() ? ROOT : ROOT + "." + layer;
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatLiesBelowIt(String layer) {
        String[] allowed = Stream.concat(Stream.of(layer), LAYERS.get(layer).stream())
                .map(LayersTest::full)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(full(layer))
                .should()
                .dependOnClassesThat(resideInAPackage("org.safeclip..")
                        .and(not(resideInAnyPackage(allowed)))
                        .and(not(resideInAnyPackage("org.safeclip.nn..", "org.safeclip.tensor.."))))
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void nothingIsAllowedThatIsNotUsed(String layer) {
        for (String below : LAYERS.get(layer)) {
            assertThat(CLASSES.that(resideInAPackage(full(layer))))
                    .as("%s uses %s", full(layer), full(below))
                    .anyMatch(type -> uses(type, full(below)));
        }
    }

    private static boolean uses(JavaClass type, String other) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(use -> use.getTargetClass().getPackageName().equals(other));
    }

    @Test
    void everyPackageHasItsPlace() {
        Set<String> placed =
                Set.copyOf(LAYERS.keySet().stream().map(LayersTest::full).toList());
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).filter(name -> name.startsWith(ROOT)))
                .hasSizeGreaterThan(50)
                .allMatch(placed::contains);
    }

    @Test
    void noPackageUsesItselfThroughOthers() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk.incubator.vector", "org.safeclip.tensor.cpu"})
    void onlyTheSelectionComputesOnTheHost(String means) {
        noClasses()
                .that()
                .resideOutsideOfPackage(full("selection"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(means)
                .check(CLASSES);
        assertThat(CLASSES.that(resideInAPackage(full("selection"))))
                .as("the selection uses %s: else this rule watches nothing", means)
                .anyMatch(type -> uses(type, means));
    }

    @Test
    void theBasicsOfTheJdkVectorsPrimitiveMapsAndLayersAreAllItUses() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java.lang..",
                        "java.io..",
                        "java.nio..",
                        "java.security..",
                        "java.text..",
                        "java.time..",
                        "java.util..",
                        "jdk.incubator.vector",
                        "it.unimi.dsi.fastutil..",
                        "org.jspecify.annotations",
                        "org.safeclip..")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsCheckedForNull() {
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(part -> part.getName().startsWith(ROOT) && !part.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();
        assertThat(unmarked)
                .as("packages without @NullMarked in their package-info.java")
                .isEmpty();
    }
}
