package org.safeclip.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reader of declarations, on a record with a component of every kind. */
class SettingsTest {
    /** A choice of two words. */
    public enum Colour {
        /** One word. */
        RED,
        /** Two words. */
        DARK_BLUE
    }

    /** A table inside a table. */
    @SettingsTable("outer.inner")
    public record Inner(
            @Meaning("a small number") @Setting(value = "2", range = "[1, 3]")
            int small) {
        /** Refuses values outside their range. */
        public Inner {
            Settings.check(Inner.class, small);
        }
    }

    /** One setting of each type. */
    @SettingsTable("outer")
    public record Outer(
            @Meaning("whole") @Setting(value = "7", range = "[0, )")
            int whole,

            @Meaning("large") @Setting("5000000000") long large,

            @Meaning("part") @Setting(value = "1e-3", range = "(0, 0.5)")
            double part,

            @Meaning("on or off") @Setting("true") boolean on,

            @Meaning("text") @Setting("a text, with = signs")
            String text,

            @Meaning("list") @Setting("[32, 64]") List<Integer> list,
            @Meaning("empty list") @Setting("[]") List<Integer> none,

            @Meaning("choice") @Setting("dark-blue") Colour colour,

            Inner inner) {
        /** Refuses values outside their range. */
        public Outer {
            Settings.check(Outer.class, whole, large, part, on, text, list, none, colour, inner);
        }
    }

    private static final Outer DEFAULTS = Settings.defaults(Outer.class);

    @Test
    void everyTypeIsReadFromItsText() {
        assertThat(DEFAULTS)
                .isEqualTo(new Outer(
                        7,
                        5_000_000_000L,
                        1e-3,
                        true,
                        "a text, with = signs",
                        List.of(32, 64),
                        List.of(),
                        Colour.DARK_BLUE,
                        new Inner(2)));
    }

    @Test
    void withChangesOneSettingOfACopy() {
        Outer changed = Settings.with(DEFAULTS, "part", 0.25);
        assertThat(changed.part()).isEqualTo(0.25);
        assertThat(Settings.with(changed, "part", 1e-3)).isEqualTo(DEFAULTS);
        assertThat(Settings.with(DEFAULTS, "inner", new Inner(3)).inner().small())
                .isEqualTo(3);
    }

    @Test
    void withChangesSeveralSettingsAtOnce() {
        Outer changed = Settings.with(DEFAULTS, Map.of("part", 0.25, "whole", 7, "inner", new Inner(3)));
        Outer inTurn = Settings.with(Settings.with(DEFAULTS, "whole", 7), "part", 0.25);
        assertThat(changed).isEqualTo(Settings.with(inTurn, "inner", new Inner(3)));
        assertThat(Settings.with(DEFAULTS, Map.of())).isEqualTo(DEFAULTS);
        assertThatThrownBy(() -> Settings.with(DEFAULTS, Map.of("whole", 7, "pit", 1, "hole", 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("outer has no setting 'hole', 'pit'; it has whole, large,");
    }

    @Test
    void aNameThatDoesNotExistIsRefusedWithThoseThatDo() {
        assertThatThrownBy(() -> Settings.with(DEFAULTS, "hole", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("outer has no setting 'hole'; it has"
                        + " whole, large, part, on, text, list, none, colour, inner");
    }

    @Test
    void aRefusalNamesTableKeyValueAndRange() {
        assertThatThrownBy(() -> Settings.with(DEFAULTS, "whole", -1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("outer.whole is -1, expected at least 0");
        assertThatThrownBy(() -> Settings.with(DEFAULTS, "part", 0.5))
                .hasMessage("outer.part is 0.5, expected above 0, below 0.5");
        assertThatThrownBy(() -> new Inner(4)).hasMessage("outer.inner.small is 4, expected at least 1, at most 3");
        assertThatThrownBy(() -> Settings.require(false, Inner.class, "small", 2, "an odd number"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("outer.inner.small is 2, expected an odd number");
    }

    @Test
    void tablesAndSettingsAreToldApart() throws Exception {
        assertThat(Settings.table(Inner.class)).isEqualTo("outer.inner");
        assertThat(Settings.key(Outer.class, "on")).isEqualTo("outer.on");
        assertThat(Outer.class.getRecordComponents())
                .filteredOn(Settings::isTable)
                .singleElement()
                .satisfies(component -> assertThat(component.getName()).isEqualTo("inner"));
        assertThatThrownBy(() -> Settings.table(String.class)).hasMessageContaining("is no settings record");
    }

    @Test
    void choicesAreWrittenInSmallLetters() {
        assertThat(Settings.choice(Colour.RED)).isEqualTo("red");
        assertThat(Settings.choice(Colour.DARK_BLUE)).isEqualTo("dark-blue");
    }
}
