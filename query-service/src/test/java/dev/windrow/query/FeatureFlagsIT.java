package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Timestamps;
import dev.windrow.catalog.v1.AuditEntry;
import dev.windrow.catalog.v1.CatalogServiceGrpc;
import dev.windrow.catalog.v1.FeatureFlag;
import dev.windrow.catalog.v1.FeatureFlagSetting;
import dev.windrow.catalog.v1.ListAuditEntriesRequest;
import dev.windrow.catalog.v1.ListFeatureFlagsRequest;
import dev.windrow.catalog.v1.SetFeatureFlagRequest;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.TimeWindow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports are served from rollups or events, with or without the live delta, as it is set. */
class FeatureFlagsIT {
  private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();

  private QueryHarness service;

  @BeforeEach
  void start() throws Exception {
    service = QueryHarness.start(Map.of());
    service.store().writeCompacted(1, List.of(event(1), event(2), event(3)));
    service.store().writeLive(2, List.of(event(4), event(5)));
    service.store().writeUnfolded(3, List.of(event(6)));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private static TestEvent event(int second) {
    return TestEvent.of((START + second * 1_000L) * 1_000, "s", "t", "e" + second);
  }

  @Test
  void liveDelta_thatIsOff_isLeftOut_andTheAnswerSaysSo_unlessAnythingIsRequired() {
    assertThat(count(run("top-entities"))).isEqualTo(6);
    set(FeatureFlag.FEATURE_FLAG_LIVE_DELTA, "volume-by-period", false);
    assertThat(run("top-entities").getCached()).as("nothing has changed for it").isTrue();

    RunReportResponse compacted = run("volume-by-period");
    assertThat(count(compacted)).isEqualTo(3);
    assertThat(compacted.getInfo().getFreshness().getDeltaRows()).isZero();
    assertThat(compacted.getInfo().getExactnessList())
        .allSatisfy(
            metric -> assertThat(metric.getExactness()).isEqualTo(Exactness.EXACTNESS_COMPACTED));

    var exact = Requirements.newBuilder().setExactness(Exactness.EXACTNESS_EXACT);
    RunReportResponse whole =
        service.client().runReport(request("volume-by-period").setRequire(exact).build());
    assertThat(count(whole)).isEqualTo(6);
    assertThat(whole.getInfo().getExactness(0).getExactness()).isEqualTo(Exactness.EXACTNESS_EXACT);

    // At once, although an answer without it was kept.
    set(FeatureFlag.FEATURE_FLAG_LIVE_DELTA, "volume-by-period", true);
    assertThat(count(run("volume-by-period"))).isEqualTo(6);
  }

  @Test
  void rollups_thatAreOff_leaveTheEvents_whichSayTheSame() {
    service.execute("UPDATE rollup_buckets SET event_count = event_count + 1");
    assertThat(count(run("volume-by-period"))).as("as wrong as the bucket").isEqualTo(7);
    set(FeatureFlag.FEATURE_FLAG_ROLLUPS, "", false);
    RunReportResponse raw =
        service.client().runReport(request("volume-by-period").setExplain(true).build());
    assertThat(count(raw)).isEqualTo(6);
    assertThat(raw.getPlan().getRollup()).isEmpty();
    assertThat(raw.getPlan().toString()).contains("feature flag");
    // One report's own setting goes before that of all.
    set(FeatureFlag.FEATURE_FLAG_ROLLUPS, "volume-by-period", true);
    assertThat(count(run("volume-by-period"))).isEqualTo(7);
    assertThat(settings())
        .extracting(FeatureFlagSetting::getReport)
        .containsExactly("", "volume-by-period");
    unset(FeatureFlag.FEATURE_FLAG_ROLLUPS, "volume-by-period");
    assertThat(count(run("volume-by-period"))).isEqualTo(6);
    unset(FeatureFlag.FEATURE_FLAG_ROLLUPS, "");
    assertThat(settings()).isEmpty();
    assertThat(count(run("volume-by-period"))).isEqualTo(7);
  }

  @Test
  void eachChange_isAudited_andWhatMakesNoSenseIsRefused() {
    set(FeatureFlag.FEATURE_FLAG_ROLLUPS, "", false);
    set(FeatureFlag.FEATURE_FLAG_ROLLUPS, "", false);
    set(FeatureFlag.FEATURE_FLAG_ROLLUPS, "", true);
    unset(FeatureFlag.FEATURE_FLAG_ROLLUPS, "");
    assertThat(
            catalog()
                .listAuditEntries(
                    ListAuditEntriesRequest.newBuilder().setResource("feature_flag").build())
                .getEntriesList())
        .extracting(AuditEntry::getAction)
        .containsExactly("delete", "update", "create");
    assertThatThrownBy(() -> set(FeatureFlag.FEATURE_FLAG_ROLLUPS, "nonsense", false))
        .hasMessageContaining("NOT_FOUND");
    assertThatThrownBy(() -> set(FeatureFlag.FEATURE_FLAG_UNSPECIFIED, "", false))
        .hasMessageContaining("flag");
  }

  private CatalogServiceGrpc.CatalogServiceBlockingStub catalog() {
    return CatalogServiceGrpc.newBlockingStub(service.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private void set(FeatureFlag flag, String report, boolean enabled) {
    FeatureFlagSetting set =
        catalog()
            .setFeatureFlag(
                SetFeatureFlagRequest.newBuilder()
                    .setFlag(flag)
                    .setReport(report)
                    .setEnabled(enabled)
                    .build())
            .getSetting();
    assertThat(set.getEnabled()).isEqualTo(enabled);
  }

  private void unset(FeatureFlag flag, String report) {
    assertThat(
            catalog()
                .setFeatureFlag(
                    SetFeatureFlagRequest.newBuilder().setFlag(flag).setReport(report).build())
                .hasSetting())
        .isFalse();
  }

  private List<FeatureFlagSetting> settings() {
    return catalog()
        .listFeatureFlags(ListFeatureFlagsRequest.getDefaultInstance())
        .getSettingsList();
  }

  private static RunReportRequest.Builder request(String report) {
    return RunReportRequest.newBuilder()
        .setReport(report)
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(START))
                .setEndTime(Timestamps.fromMillis(START + 86_400_000)));
  }

  private RunReportResponse run(String report) {
    return service.client().runReport(request(report).build());
  }

  private static long count(RunReportResponse answer) {
    return answer.getRowsList().stream()
        .mapToLong(row -> row.getRow().getValues(0).getInteger())
        .sum();
  }
}
