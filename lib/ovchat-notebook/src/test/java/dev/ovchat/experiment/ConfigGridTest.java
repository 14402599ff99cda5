package dev.ovchat.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ovchat.message.Visible;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigGridTest {
  private static final Map<String, String> BASELINE = Map.of("A", "1", "B", "x");

  @Test
  void oneAtATimeChangesOneValueOfTheBaseline() {
    ConfigGrid grid = ConfigGrid.from(BASELINE).vary("A", "1", "2", "3").vary("C", "y");
    assertThat(grid.oneAtATime())
        .containsExactly(
            BASELINE,
            Map.of("A", "2", "B", "x"),
            Map.of("A", "3", "B", "x"),
            Map.of("A", "1", "B", "x", "C", "y"));
  }

  @Test
  void combinationsHaveEachValueWithEachOther() {
    ConfigGrid grid = ConfigGrid.from(BASELINE).vary("A", "2", "3").vary("C", "y", "z");
    assertThat(grid.combinations())
        .startsWith(BASELINE)
        .doesNotHaveDuplicates()
        .hasSize(9)
        .contains(Map.of("A", "3", "B", "x", "C", "z"), Map.of("A", "1", "B", "x", "C", "y"));
  }

  @Test
  void aGridOfTheBaselineAloneIsTheBaseline() {
    assertThat(ConfigGrid.from(BASELINE).combinations()).containsExactly(BASELINE);
  }

  @Test
  void staysAsItWas() {
    ConfigGrid grid = ConfigGrid.from(BASELINE);
    grid.vary("A", "2");
    assertThat(grid.oneAtATime()).containsExactly(BASELINE);
  }

  @Test
  void aKeyIsVariedOnceAndWithAValue() {
    ConfigGrid grid = ConfigGrid.from(BASELINE).vary("A", "2");
    assertThatThrownBy(() -> grid.vary("A", "3"))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("The grid has values of A already: [2]. Name all of them in one call.");
    assertThatThrownBy(() -> grid.vary("B"))
        .isInstanceOf(ExperimentException.class)
        .hasMessage("There is no value of B to try; name one or more.");
  }

  @Test
  void moreCombinationsThanAnybodyWaitsForAreRefused() {
    ConfigGrid grid = ConfigGrid.from(BASELINE);
    for (int i = 0; i < 14; i++) {
      grid = grid.vary("KEY" + i, "1");
    }
    assertThatThrownBy(grid::combinations)
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("more than 10000 combinations");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", " a", "a ", "a\nb", "\u0000", "a\u2028"})
  void whatIsNoLineOfTextIsRefusedWithItsCell(String value) {
    assertThatThrownBy(() -> ConfigGrid.from(BASELINE).vary("KEY", value))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("grid cell KEY = \"" + Visible.text(value) + "\": ");
    assertThatThrownBy(() -> ConfigGrid.from(Map.of(value, "x")))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("grid cell " + Visible.text(value) + " = \"x\": ");
  }

  @Test
  void anUnsetValueIsRefused() {
    Map<String, String> config = new HashMap<>();
    config.put("KEY", null);
    assertThatThrownBy(() -> ConfigGrid.from(config))
        .isInstanceOf(ExperimentException.class)
        .hasMessageStartingWith("grid cell KEY = \"null\": ");
  }

  @Test
  void aConfigIsOneLineAndComesBack() {
    Map<String, String> config = Map.of("B", "", "A", "CPU:{X=1,Y=2}", "C", "x y");
    assertThat(ConfigText.of(config)).isEqualTo("A=CPU:{X=1,Y=2}; B=; C=x y");
    assertThat(ConfigText.parse(ConfigText.of(config))).isEqualTo(config);
    assertThat(ConfigText.parse(ConfigText.of(Map.of()))).isEmpty();
    assertThatThrownBy(() -> ConfigText.parse("A=1; B"))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining("\"A=1; B\" is no config");
  }

  @Test
  void isNamedByWhatSetsItApart() {
    assertThat(ConfigText.label(BASELINE, BASELINE)).isEqualTo("baseline");
    assertThat(ConfigText.label(Map.of("A", "2", "C", "y"), BASELINE)).isEqualTo("A=2, no B, C=y");
  }
}
