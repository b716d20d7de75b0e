package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollupDefinitionTest {
  private static final RollupDefinition ROLLUP =
      new RollupDefinition(
          7,
          "by-region",
          List.of(Dimension.TYPE, Dimension.parse("attributes.region")),
          new LinkedHashSet<>(List.of(Grain.DAY, Grain.HOUR)));

  @ParameterizedTest
  @ValueSource(
      strings = {"type", "source", "status", "entity_id", "attributes.region", "attributes.a.b"})
  void parse_canonicalName_isKept(String name) {
    assertThat(Dimension.parse(name).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Type", "entity", "attributes", "attributes.", "region"})
  void parse_unknownName_isRefused(String name) {
    assertThatThrownBy(() -> Dimension.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got \"" + name + "\"");
  }

  @Test
  void attributeName_ofAttribute_isWithoutPrefix() {
    assertThat(Dimension.attribute("region").attributeName()).isEqualTo("region");
    assertThat(Dimension.attribute("region").isAttribute()).isTrue();
    assertThat(Dimension.TYPE.isAttribute()).isFalse();
    assertThatThrownBy(Dimension.TYPE::attributeName).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void grains_inAnyOrder_iterateFromFineToCoarse() {
    assertThat(ROLLUP.grains()).containsExactly(Grain.HOUR, Grain.DAY);
    assertThat(ROLLUP.finest()).isEqualTo(Grain.HOUR);
  }

  @Test
  void covers_subset_isTrue() {
    assertThat(ROLLUP.covers(List.of())).isTrue();
    assertThat(ROLLUP.covers(Set.of(Dimension.TYPE))).isTrue();
    assertThat(ROLLUP.covers(Set.of(Dimension.TYPE, Dimension.SOURCE))).isFalse();
    assertThat(ROLLUP.indexOf(Dimension.attribute("region"))).isEqualTo(1);
    assertThat(ROLLUP.indexOf(Dimension.STATUS)).isEqualTo(-1);
  }

  @Test
  void constructor_impossibleParts_areRefused() {
    assertThatThrownBy(
            () ->
                new RollupDefinition(
                    1, "x", List.of(Dimension.TYPE, Dimension.TYPE), Set.of(Grain.DAY)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RollupDefinition(1, "x", List.of(Dimension.TYPE), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RollupDefinition(1, " ", List.of(), Set.of(Grain.DAY)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void key_equalValues_areEqualAndApartFromOthers() {
    assertThat(RollupKey.of("a", ""))
        .isEqualTo(RollupKey.of(List.of("a", "")))
        .hasSameHashCodeAs(RollupKey.of("a", ""));
    assertThat(RollupKey.of("a", ""))
        .isNotEqualTo(RollupKey.of("", "a"))
        .isNotEqualTo(RollupKey.of("a"));
    assertThat(RollupKey.of("a", "b").values()).containsExactly("a", "b");
  }

  @Test
  void key_compare_isBySizeThenValues() {
    assertThat(
            List.of(
                RollupKey.of(), RollupKey.of("b"), RollupKey.of("a", "a"), RollupKey.of("a", "b")))
        .isSorted();
  }

  @Test
  void key_callersArray_isCopied() {
    String[] values = {"a"};
    RollupKey key = RollupKey.of(values);
    values[0] = "b";
    assertThat(key.get(0)).isEqualTo("a");
  }
}
