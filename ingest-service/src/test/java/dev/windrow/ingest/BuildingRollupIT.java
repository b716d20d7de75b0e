package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.recompute.BuildReport;
import dev.windrow.ingest.recompute.RollupLife;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.DatabaseSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Events stay for as long as a rollup that is being built lacks them. */
class BuildingRollupIT extends RetentionCourse {
  private RollupLife life() {
    return new RollupLife(
        DatabaseSettings.from(new Settings(keeping.database.settings()))
            .connectionFactory("rollup-life"),
        1,
        Set.of(),
        Schedulers.parallel());
  }

  private int create() {
    return got(life().create("by source", List.of(Dimension.SOURCE), Set.of(Grain.DAY)));
  }

  private static <T> T got(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(Duration.ofSeconds(60)));
  }

  @Test
  void daysThatARollupLacks_stayUntilItIsBuilt() {
    ingestOldDays();
    int rollup = create();
    try (IngestHarness retaining = retaining()) {
      awaitRounds(3);
      assertThat(exists(6) && exists(5) && exists(4)).isTrue();

      BuildReport report = got(life().build(rollup, 1));

      assertThat(report.isActive()).isTrue();
      assertThat(report.events()).isEqualTo(40);
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      assertThat(
              retaining.number("SELECT sum(event_count) FROM rollup_buckets WHERE rollup_id = 4"))
          .isEqualTo(40);
    }
  }

  @Test
  void rollupThatComesAfterDaysHaveGone_isNotActive_andHoldsNothingBack() {
    ingestOldDays();
    try (IngestHarness moving = retaining("WINDROW_RETENTION_GRACE", "PT1H")) {
      patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
      assertThat(moving.serving()).isTrue();
    }
    int rollup = create();

    BuildReport report = got(life().build(rollup, 1));

    assertThat(report.isActive()).isFalse();
    assertThat(report.notKept())
        .containsExactly(today.minusDays(6), today.minusDays(5), today.minusDays(4));
    assertThat(keeping.text("SELECT state FROM rollups WHERE rollup_id = 4")).isEqualTo("BUILDING");
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }
}
