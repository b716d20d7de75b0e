package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tenants that keep different times: each has its own horizons, and what they share goes last. */
class TenantRetentionIT extends RetentionCourse {
  private static final String BUCKETS =
      "SELECT md5(string_agg(b::text, '|' ORDER BY b::text)) FROM rollup_buckets b";

  @BeforeEach
  void addTenant() {
    execute("INSERT INTO tenants (name) VALUES ('other')");
    execute(
        "INSERT INTO rollups (tenant_id, rollup_id, name, dimensions, grains, state)"
            + " SELECT t.tenant_id, rollup_id, r.name, dimensions, grains, state"
            + " FROM rollups r, tenants t WHERE r.tenant_id = 1 AND t.name = 'other'");
  }

  @Test
  void tenantThatKeepsLess_losesItsOwnRows_andNobodyElseAny() {
    ingestOldDays();
    ingestOldDaysOfOther();
    String buckets = keeping.text(BUCKETS);
    try (IngestHarness retaining = retainingOther()) {
      patiently().until(() -> events("other") == 10);
      awaitRounds(3);

      assertThat(events("other")).as("of today").isEqualTo(10);
      assertThat(events("default")).isEqualTo(40);
      assertThat(exists(6) && exists(5) && exists(4)).isTrue();
      assertThat(keeping.text(BUCKETS)).isEqualTo(buckets);
      assertThat(horizons()).isEqualTo("other " + today.minusDays(3));
      assertThat(stored(retaining, 5)).isZero();
      assertThat(stored(keeping, 5)).isEqualTo(1);
    }
  }

  @Test
  void sharedPartitions_goOnceEveryTenantLetThemGo() {
    ingestOldDays();
    ingestOldDaysOfOther();
    try (IngestHarness other = retainingOther()) {
      patiently().until(() -> events("other") == 10);
      try (IngestHarness retaining = retaining()) {
        patiently().until(() -> !exists(6) && !exists(5) && !exists(4));

        assertThat(events("default")).isEqualTo(10);
        String day = today.minusDays(3).toString();
        assertThat(horizons()).isEqualTo("default " + day + ", other " + day);
        assertThat(other.serving() && retaining.serving()).isTrue();
      }
    }
  }

  @Test
  void buckets_goByTheTenantsOwnTime() {
    ingest(800);
    ingestAsOther(800);
    LocalDate then = today.minusDays(800);
    String month = "rollup_buckets_minute_" + then.toString().substring(0, 7).replace("-", "");
    String year = "rollup_buckets_hour_" + then.getYear();
    long ofDefault = buckets("default");
    try (IngestHarness retaining =
        retainingOther(
            "WINDROW_RETENTION_MINUTE",
            "P1D",
            "WINDROW_RETENTION_HOUR",
            "P2D",
            "WINDROW_RETENTION_DAY",
            "P3D")) {
      patiently().until(() -> buckets("other") == 0);

      assertThat(events("other")).isZero();
      assertThat(buckets("default")).isEqualTo(ofDefault);
      assertThat(exists(month) && exists(year) && exists(800)).isTrue();
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void eventsThatAreNotFolded_stay_untilTheyAre() {
    ingestOldDays();
    ingestOldDaysOfOther();
    execute(
        "INSERT INTO unfolded_batches SELECT 2, 3, max(batch_id), 1, min(occurred_at),"
            + " max(occurred_at), now() + interval '1 hour' FROM events"
            + " WHERE tenant_id = 2 AND (occurred_at AT TIME ZONE 'UTC')::date = '%s'"
                .formatted(today.minusDays(5)));
    try (IngestHarness retaining = retainingOther()) {
      patiently().until(() -> events("other") == 30);
      awaitRounds(3);
      assertThat(horizons()).isEqualTo("other " + today.minusDays(5));
      assertThat(events("other")).isEqualTo(30);

      execute("DELETE FROM unfolded_batches");

      patiently().until(() -> events("other") == 10);
      assertThat(retaining.serving()).isTrue();
    }
  }

  /** The second one is not served: it has nothing that could be lost. */
  @Test
  void tenantThatWasNeverServed_holdsNothingBack() {
    ingestOldDays();
    try (IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(6) && !exists(5) && !exists(4));
      assertThat(horizons()).isEqualTo("default " + today.minusDays(3));

      // It keeps everything, what is older than others keep, too.
      ingestAsOther(5);
      awaitRounds(3);

      assertThat(events("other")).isEqualTo(10);
      assertThat(retaining.serving()).isTrue();
    }
  }

  @Test
  void tableThatWasLeftDetached_isNotInTheWayOfATenantThatCame() {
    ingestOldDays();
    try (IngestHarness moving = retaining("WINDROW_RETENTION_GRACE", "PT1H")) {
      patiently().until(() -> horizon("raw").equals(today.minusDays(3).toString()));
      assertThat(moving.serving()).isTrue();
    }
    execute("ALTER TABLE events DETACH PARTITION " + name(5));
    try (IngestHarness other = other();
        IngestHarness retaining = retaining()) {
      patiently().until(() -> !exists(5));

      assertThat(stored(other, 5)).isEqualTo(1);
      assertThat(exists(6) && exists(4)).as("the one that came keeps them").isTrue();
      assertThat(retaining.serving()).isTrue();
    }
  }

  private void ingestOldDaysOfOther() {
    for (int days : OLD) {
      ingestAsOther(days);
    }
    ingestAsOther(0);
  }

  private void ingestAsOther(int daysAgo) {
    try (IngestHarness other = other()) {
      assertThat(other.stub().append(events(daysAgo, 10).build()).getStoredCount()).isEqualTo(10);
      awaitCompacted();
    }
  }

  /** Keeps everything, and does not look. */
  private IngestHarness other() {
    return IngestHarness.beside(
        keeping, "WINDROW_TENANT", "other", "WINDROW_RETENTION_PAUSE", "PT1H");
  }

  private IngestHarness retainingOther(String... more) {
    String[] settings = new String[more.length + 2];
    settings[0] = "WINDROW_TENANT";
    settings[1] = "other";
    System.arraycopy(more, 0, settings, 2, more.length);
    return retaining(settings);
  }

  private long events(String tenant) {
    return keeping.number(
        "SELECT count(*) FROM events JOIN tenants USING (tenant_id) WHERE name = '%s'"
            .formatted(tenant));
  }

  private long buckets(String tenant) {
    return keeping.number(
        "SELECT count(*) FROM rollup_buckets JOIN tenants USING (tenant_id)"
            + " WHERE name = '%s'".formatted(tenant));
  }

  private String horizons() {
    return keeping.text(
        "SELECT coalesce(string_agg(name || ' ' || (from_at AT TIME ZONE 'UTC')::date, ', '"
            + " ORDER BY name), '') FROM retention_horizons JOIN tenants USING (tenant_id)"
            + " WHERE tier = 'raw'");
  }
}
