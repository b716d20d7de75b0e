package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.recompute.RebuildMode;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Days are verified by the service itself, again and again. */
class VerificationIT extends RebuildCourse {
  private static final String DRIFT = "windrow_verification_drift_rows";
  private static final String VERIFIED = "windrow_verification_seconds_count";

  private static String[] always(int port, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "WINDROW_METRICS_PORT",
                Integer.toString(port),
                "WINDROW_VERIFY_PERCENT",
                "100",
                "WINDROW_VERIFY_PAUSE",
                "PT0.01S"));
    settings.addAll(List.of(more));
    return settings.toArray(new String[0]);
  }

  private static void append(IngestHarness harness, Random random) {
    harness.stub().append(randomBatch(random, 1_500, 7));
    harness.stub().append(randomBatch(random, 1_500, 1_500));
  }

  @Test
  void drift_isToldUntilItIsRepaired() {
    int port = Scrape.freePort();
    try (IngestHarness harness = IngestHarness.start(always(port))) {
      append(harness, new Random(1));
      patiently().until(() -> harness.number(DELTAS) + harness.number(NOTES) == 0);
      patiently().until(() -> Scrape.of(port).value("windrow_verification_verified_days") == DAYS);
      assertThat(Scrape.of(port).value(DRIFT)).isZero();
      assertThat(Scrape.of(port).value("windrow_verification_unverified_days")).isZero();

      execute(
          harness,
          "UPDATE rollup_buckets SET value_sum = value_sum + 1"
              + " WHERE rollup_id = 1 AND grain = 2 AND start_at >= '2001-01-02Z' AND start_at < '2001-01-03Z'");
      patiently().until(() -> Scrape.of(port).value(DRIFT) > 0);
      assertThat(Scrape.of(port).value("windrow_verification_drift_days")).isEqualTo(1);
      long wrong = wrong(harness);
      assertThat(Scrape.of(port).value(DRIFT)).isEqualTo((double) wrong);
      // Whoever tells it, and whenever that was started.
      int other = Scrape.freePort();
      try (IngestHarness beside = IngestHarness.beside(harness, always(other))) {
        patiently().until(() -> Scrape.of(other).value(DRIFT) == wrong);
        assertThat(wrong(beside)).isEqualTo(wrong);
      }

      day(harness, DAY, RebuildMode.REPLACE, 1);

      patiently().until(() -> Scrape.of(port).value(DRIFT) == 0);
      assertThat(Scrape.of(port).value("windrow_verification_drift_days")).isZero();
      assertThat(Scrape.of(port).value("windrow_upkeep_failures_total", "verification")).isZero();
    }
  }

  @Test
  void whileEventsArriveAndAreCompacted_nothingIsFound() {
    int port = Scrape.freePort();
    try (IngestHarness harness =
        IngestHarness.start(always(port, "WINDROW_UNFOLDED_TIME", "PT0.1S"))) {
      Random random = new Random(2);
      for (int i = 0; i < 40; i++) {
        harness.stub().append(randomBatch(random, 150, i % 2 == 0 ? 7 : 150));
      }
      double before = Scrape.of(port).value(VERIFIED);
      while (Scrape.of(port).value(VERIFIED) < before + DAYS) {
        harness.stub().append(randomBatch(random, 20, 7));
      }
      assertThat(harness.number("SELECT count(*) FROM day_verifications WHERE differing_count > 0"))
          .isZero();
      assertThat(Scrape.of(port).value("windrow_upkeep_failures_total", "verification")).isZero();
    }
  }

  @Test
  void whatIsNotKeptWhole_isNotVerified() {
    int port = Scrape.freePort();
    try (IngestHarness harness = IngestHarness.start(always(port))) {
      // Its past is not there yet.
      execute(
          harness,
          "INSERT INTO rollups (tenant_id, rollup_id, name, dimensions, grains, state)"
              + " SELECT tenant_id, 9, 'later', dimensions, grains, 'BUILDING' FROM rollups WHERE rollup_id = 1");
      execute(harness, "UPDATE tenants SET catalog_version = catalog_version + 1");
      append(harness, new Random(3));
      patiently().until(() -> Scrape.of(port).value("windrow_verification_verified_days") == DAYS);
      execute(harness, "DELETE FROM rollup_buckets WHERE rollup_id = 9");
      execute(harness, "DELETE FROM rollup_deltas WHERE rollup_id = 9");
      execute(harness, "INSERT INTO retention_horizons VALUES (1, 'raw', '2001-01-02Z')");
      execute(harness, "DELETE FROM events WHERE occurred_at < '2001-01-02Z'");

      patiently().until(() -> harness.number("SELECT count(*) FROM day_verifications") == DAYS - 1);
      patiently()
          .until(() -> Scrape.of(port).value("windrow_verification_verified_days") == DAYS - 1);
      assertThat(Scrape.of(port).value(DRIFT)).isZero();
    }
  }

  @Test
  void dayThatIsTooLarge_isSkipped_andCounted_andTheOthersAreNot() {
    int port = Scrape.freePort();
    try (IngestHarness harness =
        IngestHarness.start(always(port, "WINDROW_VERIFY_MAX_EVENTS", "2000"))) {
      for (int i = 0; i < 20; i++) {
        harness.stub().append(randomBatch(new Random(i), 1_000, 7));
      }
      execute(
          harness, "DELETE FROM events WHERE occurred_at >= '2001-01-02Z' AND batch_id % 10 <> 0");
      execute(harness, "ANALYZE events");

      patiently()
          .until(
              () ->
                  harness.number(
                          "SELECT count(*) FROM day_verifications WHERE outcome = 'TOO_LARGE'"
                              + " AND day = '2001-01-01'")
                      == 1);
      patiently()
          .until(
              () ->
                  harness.number(
                          "SELECT count(*) FROM day_verifications WHERE outcome = 'VERIFIED'"
                              + " AND day > '2001-01-01'")
                      == DAYS - 1);
      assertThat(Scrape.of(port).value("windrow_verification_misses_total{reason=\"too_large\"}"))
          .isPositive();
    }
  }

  @Test
  void dayThatCannotBeVerified_isAFailure_andKeepsNobodyWaiting() {
    int port = Scrape.freePort();
    try (IngestHarness harness = IngestHarness.start(always(port))) {
      append(harness, new Random(5));
      patiently().until(() -> Scrape.of(port).value("windrow_verification_verified_days") == DAYS);
      // No flush lets such a value in, and no sum of it is exact.
      execute(
          harness,
          "UPDATE events SET value = 'NaN' WHERE occurred_at >= '2001-01-02Z' AND occurred_at < '2001-01-03Z'");

      patiently()
          .until(
              () ->
                  harness.number("SELECT count(*) FROM day_verifications WHERE outcome = 'FAILED'")
                      == 1);
      Scrape failed = Scrape.of(port);
      assertThat(failed.value("windrow_upkeep_failures_total", "verification")).isPositive();
      patiently().until(() -> Scrape.of(port).value(VERIFIED) > failed.value(VERIFIED) + 5);
      assertThat(harness.text("SELECT day FROM day_verifications WHERE outcome = 'FAILED'"))
          .isEqualTo(DAY.toString());
    }
  }

  @Test
  void verificationThatTakesTooLong_isGivenUp_andLeavesNothingOpen() throws Exception {
    int port = Scrape.freePort();
    try (IngestHarness harness =
            IngestHarness.start(always(port, "WINDROW_VERIFY_TIMEOUT", "PT1S"));
        Connection connection = harness.database.connect();
        Statement statement = connection.createStatement()) {
      append(harness, new Random(7));
      patiently().until(() -> Scrape.of(port).value("windrow_verification_verified_days") == DAYS);
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE rollup_buckets_day IN ACCESS EXCLUSIVE MODE");

      patiently()
          .until(
              () ->
                  Scrape.of(port).value("windrow_verification_misses_total{reason=\"timed_out\"}")
                      >= 1);
      assertThat(harness.number("SELECT count(*) FROM day_verifications WHERE verified_at IS NULL"))
          .as("what was found before stays")
          .isZero();
      double before = Scrape.of(port).value(VERIFIED);
      connection.rollback();

      patiently().until(() -> Scrape.of(port).value(VERIFIED) > before + DAYS);
    }
  }

  @Test
  void oneReplicaAtATime_verifies() throws Exception {
    int port = Scrape.freePort();
    int other = Scrape.freePort();
    try (IngestHarness one = IngestHarness.start("WINDROW_VERIFY_PERCENT", "0");
        Connection connection = one.database.connect();
        Statement statement = connection.createStatement()) {
      append(one, new Random(6));
      // As long as somebody else is the one, they only look.
      statement.execute(
          "SELECT pg_advisory_lock(%d, 1)".formatted(AdvisoryLock.VERIFICATION.classId()));
      try (IngestHarness two = IngestHarness.beside(one, always(port));
          IngestHarness three = IngestHarness.beside(one, always(other))) {
        patiently().until(() -> rounds(port) >= 5 && rounds(other) >= 5);
        assertThat(Scrape.of(port).value("windrow_upkeep_active", "verification")).isZero();
        assertThat(two.number("SELECT count(*) FROM day_verifications")).isZero();
        execute(
            three,
            "CREATE TABLE seen (began_at timestamptz, ended_at timestamptz);"
                + " CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN INSERT INTO seen VALUES (NEW.began_at, NEW.ended_at); RETURN NULL; END $$;"
                + " CREATE TRIGGER see AFTER INSERT OR UPDATE ON day_verifications"
                + " FOR EACH ROW EXECUTE FUNCTION see()");

        statement.execute("SELECT pg_advisory_unlock_all()");

        patiently()
            .until(
                () ->
                    Scrape.of(port).value(VERIFIED) >= 3 && Scrape.of(other).value(VERIFIED) >= 3);
      }
      assertThat(
              one.number(
                  "SELECT count(*) FROM (SELECT began_at, lag(ended_at) OVER (ORDER BY ended_at) AS before"
                      + " FROM seen) s WHERE began_at < before - interval '1 millisecond'"))
          .isZero();
      assertThat(one.number("SELECT count(*) FROM seen")).isGreaterThanOrEqualTo(6);
    }
  }

  private static double rounds(int port) {
    return Scrape.of(port).value("windrow_upkeep_rounds_total", "verification");
  }
}
