package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** What goes of each tier, and what of each rollup is looked at before. */
class RetainedTiersIT extends RetentionCourse {
  @Test
  void rollupByAttribute_isVerifiedToo() {
    execute(
        "INSERT INTO rollups VALUES (1, 4, 'region', ARRAY['attributes.a ''region''', 'type'],"
            + " ARRAY['hour', 'day'], 'ACTIVE')");
    execute("UPDATE tenants SET catalog_version = catalog_version + 1");
    ingestOldDays();
    String where = " WHERE rollup_id = 4 AND grain = 3 AND start_at = '%sZ' AND key[1] = 'north'";
    where = where.formatted(today.minusDays(5));
    assertThat(keeping.number("SELECT count(*) FROM rollup_buckets" + where)).isEqualTo(1);
    execute("UPDATE rollup_buckets SET amount_sum = amount_sum + 1" + where);
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6));
      awaitRounds(3);
      assertThat(exists(5)).isTrue();

      execute("UPDATE rollup_buckets SET amount_sum = amount_sum - 1" + where);

      patiently().until(() -> !exists(5) && !exists(4));
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void tiersOfBuckets_goByTheirOwnTime_andDaysRowByRow() {
    ingest(800);
    ingest(0);
    LocalDate then = today.minusDays(800);
    String month = "rollup_buckets_minute_" + then.toString().substring(0, 7).replace("-", "");
    String year = "rollup_buckets_hour_" + then.getYear();
    String days = "SELECT count(*) FROM rollup_buckets WHERE grain = 3";
    long before = keeping.number(days);
    String minutes = "WINDROW_RETENTION_MINUTE";
    String hours = "WINDROW_RETENTION_HOUR";
    try (IngestHarness retaining = retaining(minutes, "P1D", hours, "P2D")) {
      patiently().until(() -> !exists(month) && !exists(year) && !exists(800));

      assertThat(horizon("minute")).isEqualTo(then.withDayOfMonth(1).plusMonths(1).toString());
      assertThat(horizon("hour")).isEqualTo((then.getYear() + 1) + "-01-01");
      assertThat(retaining.number(days)).isEqualTo(before);
    }
    try (IngestHarness retaining =
        retaining(minutes, "P1D", hours, "P2D", "WINDROW_RETENTION_DAY", "P3D")) {
      patiently().until(() -> retaining.number(days) < before);
      assertThat(retaining.number(days + " AND start_at < now() - interval '5 days'")).isZero();
      assertThat(retaining.number(days)).isEqualTo(before / 2);
    }
  }

  /** Days of events are held against their day buckets, which go row by row and sooner. */
  @Test
  void allTiersThatAreKeptForOneTime_goTogether() {
    ingestOldDays();
    try (IngestHarness retaining =
        retaining(
            "WINDROW_RETENTION_MINUTE",
            "P1D",
            "WINDROW_RETENTION_HOUR",
            "P1D",
            "WINDROW_RETENTION_DAY",
            "P1D")) {
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));

      patiently()
          .until(
              () ->
                  retaining.number(
                          "SELECT count(*) FROM rollup_buckets WHERE grain = 3 AND start_at < '%sZ'"
                              .formatted(today.minusDays(3)))
                      == 0);
      assertThat(retaining.number("SELECT count(*) FROM events")).isEqualTo(10);
    }
  }

  @Test
  void bucketsWhosePartitionHasGone_getItAnew() {
    ingest(800);
    String month = "rollup_buckets_minute_" + today.minusDays(800).toString().substring(0, 7);
    execute("DROP TABLE " + month.replace("-", ""));

    ingest(800);

    assertThat(
            keeping.number(
                "SELECT sum(event_count) FROM rollup_buckets WHERE rollup_id = 1 AND grain = 3"))
        .isEqualTo(20);
  }
}
