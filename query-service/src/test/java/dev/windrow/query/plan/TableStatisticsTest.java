package dev.windrow.query.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableStatisticsTest {
  private static final TimeRange DAY =
      KnownTables.range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
  private static final TimeRange MORNING =
      KnownTables.range("2026-01-01T06:00:00Z", "2026-01-01T12:00:00Z");
  private static final TimeRange AFTERNOON =
      KnownTables.range("2026-01-01T12:00:00Z", "2026-01-01T18:00:00Z");
  private static final RollupDefinition TYPE =
      new RollupDefinition(1, "type", List.of(Dimension.TYPE), EnumSet.allOf(Grain.class));

  @ParameterizedTest
  @CsvSource({
    // Counted: as densely in the pages of now.
    "1000, 10, 10, 1000", "1000, 10, 25, 2500", "1000, 10, 0, 100",
    // Never counted, or when it was empty: by its pages.
    "-1, 0, 40, 400", "0, 0, 40, 400", "0, 7, 40, 400",
    // Never zero.
    "-1, 0, 0, 10", "0, 0, 0, 10"
  })
  void rows_areThoseOfThePagesOfNow(
      double countedRows, long countedPages, long pages, double expected) {
    assertThat(new TableSize(countedRows, countedPages, pages).rows(10)).isEqualTo(expected);
  }

  @Test
  void events_lieBetweenTheOldestAndTheNewest() {
    TableStatistics table = events(MORNING, new TableSize(6000, 100, 100), 1);
    assertThat(table.events(MORNING, 0)).isEqualTo(6000);
    assertThat(table.events(range("05:00", "07:00"), 0)).isEqualTo(1000);
    assertThat(table.events(AFTERNOON, 0)).isZero();
  }

  @Test
  void events_ofATableThatGrew_mayBeWhereNoneWere() {
    TableStatistics table = events(MORNING, new TableSize(6000, 100, 110), 1);
    assertThat(table.events(AFTERNOON, 0)).isEqualTo(6600, offset(1e-6));
    assertThat(table.events(DAY, 0)).as("no more than there are").isEqualTo(6600, offset(1e-6));
  }

  @Test
  void events_ofATableNeverAnalysed_areAsAssumedButNoMoreThanItsPagesHold() {
    TableStatistics table = table(TimeSpread.unknown(), new TableSize(-1, 0, 1000), 1);
    assertThat(table.events(range("06:00", "06:01"), 0)).isEqualTo(6000);
    assertThat(table.events(MORNING, 0)).isEqualTo(60_000);
  }

  @Test
  void events_areTheTenantsOwn_andOfTheEntitiesAskedFor() {
    TableStatistics table = events(MORNING, new TableSize(6000, 100, 100), 0.5);
    assertThat(table.events(MORNING, 0)).isEqualTo(3000);
    assertThat(table.events(MORNING, 2)).isEqualTo(60);
    assertThat(table.events(MORNING, 200)).isEqualTo(3000);
  }

  @Test
  void buckets_areTheRollupsShare() {
    TableStatistics table = buckets(MORNING, Map.of(1, 0.25));
    assertThat(table.buckets(MORNING, Grain.MINUTE, TYPE)).isEqualTo(1000);
    assertThat(table.buckets(range("06:00", "07:30"), Grain.MINUTE, TYPE)).isEqualTo(250);
  }

  @Test
  void buckets_ofARollupThatNobodyCounted_areAsAssumedButNoMoreThanThereAre() {
    TableStatistics table = buckets(MORNING, Map.of(2, 1.0));
    assertThat(table.buckets(range("06:00", "06:10"), Grain.MINUTE, TYPE)).isEqualTo(80);
    assertThat(table.buckets(DAY, Grain.MINUTE, TYPE)).isEqualTo(4000);
  }

  private static TableStatistics events(TimeRange extent, TableSize size, double tenantShare) {
    return table(TimeSpread.even(extent), size, tenantShare);
  }

  private static TableStatistics table(TimeSpread spread, TableSize size, double tenantShare) {
    return new TableStatistics(DAY, spread, size, tenantShare, Map.of(), 100);
  }

  private static TableStatistics buckets(TimeRange extent, Map<Integer, Double> shares) {
    return new TableStatistics(
        DAY, TimeSpread.even(extent), new TableSize(4000, 100, 100), 1, shares, 0);
  }

  private static TimeRange range(String from, String to) {
    return KnownTables.range("2026-01-01T" + from + ":00Z", "2026-01-01T" + to + ":00Z");
  }
}
