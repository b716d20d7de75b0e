package dev.windrow.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.FilterParser;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FilterConditionsTest {
  @Test
  void entity_ofEvents_isAlsoFoundByItsHash() {
    assertThat(ofEvents("entity_id = x"))
        .isEqualTo("(entity_id = $1::text AND hashtext(entity_id) = hashtext($1::text))");
  }

  @Test
  void entities_ofEvents_areAlsoFoundByTheirHashes() {
    assertThat(ofEvents("entity_id : (x, y)"))
        .isEqualTo(
            "(entity_id = ANY ($1::text[]) AND hashtext(entity_id) = ANY"
                + " (ARRAY[hashtext(($1::text[])[1]), hashtext(($1::text[])[2])]))");
  }

  @Test
  void entities_tooManyToLeaveMuchOut_areFoundByName() {
    String many =
        IntStream.range(0, 17).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    assertThat(ofEvents("entity_id : (" + many + ")")).isEqualTo("(entity_id = ANY ($1::text[]))");
  }

  @Test
  void entity_thatIsExcluded_hasNoHash() {
    assertThat(ofEvents("entity_id != x")).isEqualTo("(entity_id <> $1::text)");
  }

  @Test
  void dimensions_withoutAHash_areComparedAsTheyAre() {
    assertThat(ofEvents("source = x AND type : (a, b)"))
        .isEqualTo("((source = $1::text) AND (type = ANY ($2::text[])))");
  }

  @Test
  void entity_ofKeys_hasNoHash() {
    RollupDefinition rollup =
        new RollupDefinition(
            1, "r", List.of(Dimension.TYPE, Dimension.ENTITY_ID), EnumSet.of(Grain.DAY));
    assertThat(
            FilterConditions.of(
                FilterParser.parse("entity_id = x"),
                DimensionColumns.ofKeys(rollup),
                new Parameters()))
        .isEqualTo("(key[2] = $1::text)");
  }

  private static String ofEvents(String filter) {
    Parameters parameters = new Parameters();
    return FilterConditions.of(
        FilterParser.parse(filter), DimensionColumns.ofEvents(parameters), parameters);
  }
}
