package org.safeclip.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.safeclip.architecture.MethodModule;

/** Laws of every settings record of this module, and of every setting in it; a new one is found by its annotation. */
class SettingsRecordsTest {
    private static final List<Class<? extends Record>> RECORDS = MethodModule.classes().stream()
            .filter(type -> type.isAnnotatedWith(SettingsTable.class))
            .map(JavaClass::reflect)
            .<Class<? extends Record>>map(type -> type.asSubclass(Record.class))
            .toList();

    static Stream<Class<? extends Record>> records() {
        return RECORDS.stream();
    }

    /** Every setting, and the record it belongs to. */
    static Stream<Arguments> settings() {
        return records()
                .flatMap(type -> Arrays.stream(type.getRecordComponents())
                        .filter(component -> !Settings.isTable(component))
                        .map(component -> Arguments.of(Settings.key(type, component.getName()), type, component)));
    }

    /** Those with a finite bound. */
    static Stream<Arguments> bounded() {
        return settings().filter(arguments -> {
            Range range = Settings.range(component(arguments));
            return Double.isFinite(range.least()) || Double.isFinite(range.most());
        });
    }

    private static RecordComponent component(Arguments arguments) {
        return (RecordComponent) arguments.get()[2];
    }

    @Test
    void allAreFoundAndEachHasATableOfItsOwn() {
        assertThat(RECORDS).hasSize(13);
        assertThat(RECORDS).extracting(Settings::table).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyComponentIsASettingOrATable(Class<? extends Record> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            assertThat(component.isAnnotationPresent(Setting.class))
                    .as("%s.%s has @Setting", type.getSimpleName(), component.getName())
                    .isNotEqualTo(Settings.isTable(component));
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void theDefaultsAreAllowed(Class<? extends Record> type) {
        assertThat(Settings.defaults(type)).isEqualTo(Settings.defaults(type));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void itSaysWhatItDoesInOneSentence(String key, Class<? extends Record> type, RecordComponent component) {
        Setting setting = Settings.setting(component);
        assertThat(Settings.meaning(component))
                .isNotBlank()
                .doesNotEndWith(".")
                .isEqualTo(Settings.meaning(component).strip());
        assertThat(setting.source())
                .doesNotEndWith(".")
                .isEqualTo(setting.source().strip());
        assertThat(Settings.range(component).least())
                .isLessThan(Settings.range(component).most());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bounded")
    void theDefaultAndTheBoundsLieInsideTheRange(String key, Class<? extends Record> type, RecordComponent component) {
        Range range = Settings.range(component);
        Record defaults = Settings.defaults(type);
        double value = ((Number) Settings.get(defaults, component)).doubleValue();
        assertThat(value).isBetween(range.least(), range.most());
        if (Double.isFinite(range.least())) {
            allowed(defaults, component, range.aboveLeast() ? up(component, range.least()) : range.least());
        }
        if (Double.isFinite(range.most())) {
            allowed(defaults, component, range.belowMost() ? down(component, range.most()) : range.most());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bounded")
    void justOutsideItsRangeItIsRefusedByName(String key, Class<? extends Record> type, RecordComponent component) {
        Range range = Settings.range(component);
        Record defaults = Settings.defaults(type);
        if (Double.isFinite(range.least())) {
            refused(defaults, component, range.aboveLeast() ? range.least() : down(component, range.least()));
        }
        if (Double.isFinite(range.most())) {
            refused(defaults, component, range.belowMost() ? range.most() : up(component, range.most()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("settings")
    void notANumberIsNoNumber(String key, Class<? extends Record> type, RecordComponent component) {
        if (component.getType() == double.class) {
            assertThatThrownBy(() -> Settings.with(Settings.defaults(type), component.getName(), Double.NaN))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching(key + " is NaN, expected \\S.*");
        }
    }

    /** By its own range; another setting may still refuse it, as a width that the heads do not divide. */
    private static void allowed(Record defaults, RecordComponent component, double value) {
        Object[] values = Arrays.stream(defaults.getClass().getRecordComponents())
                .map(other -> other.equals(component) ? typed(component, value) : Settings.get(defaults, other))
                .toArray();
        assertThatCode(() -> Settings.check(defaults.getClass(), values)).doesNotThrowAnyException();
    }

    private static void refused(Record defaults, RecordComponent component, double value) {
        Object typed = typed(component, value);
        assertThatThrownBy(() -> Settings.with(defaults, component.getName(), typed))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(Settings.key(defaults.getClass(), component.getName()) + " is " + typed + ", expected "
                        + Settings.range(component));
    }

    private static Object typed(RecordComponent component, double value) {
        return switch (component.getType().getName()) {
            case "int" -> (int) value;
            case "long" -> (long) value;
            default -> value;
        };
    }

    private static double up(RecordComponent component, double value) {
        return component.getType() == double.class ? Math.nextUp(value) : value + 1;
    }

    private static double down(RecordComponent component, double value) {
        return component.getType() == double.class ? Math.nextDown(value) : value - 1;
    }
}
