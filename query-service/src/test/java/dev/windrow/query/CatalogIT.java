package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.JsonFormat;
import dev.windrow.catalog.v1.AuditEntry;
import dev.windrow.catalog.v1.CatalogServiceGrpc;
import dev.windrow.catalog.v1.CreateMetricDefinitionRequest;
import dev.windrow.catalog.v1.CreateReportRequest;
import dev.windrow.catalog.v1.GetRetentionRequest;
import dev.windrow.catalog.v1.ListAuditEntriesRequest;
import dev.windrow.catalog.v1.ListAuditEntriesResponse;
import dev.windrow.catalog.v1.ListRollupsRequest;
import dev.windrow.catalog.v1.ListSourcesRequest;
import dev.windrow.catalog.v1.ListSourcesResponse;
import dev.windrow.catalog.v1.RetainedTier;
import dev.windrow.catalog.v1.Rollup;
import dev.windrow.catalog.v1.RollupState;
import dev.windrow.catalog.v1.Source;
import dev.windrow.job.v1.CancelJobRequest;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.RetireRollupJob;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.v1.ListMetricDefinitionsRequest;
import dev.windrow.query.v1.ListReportsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricDefinition;
import dev.windrow.query.v1.Report;
import dev.windrow.query.v1.ReportKind;
import dev.windrow.query.v1.ReportSpec;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The catalogue is read and changed, and each change leaves an entry. */
class CatalogIT {
  private static final String SPEC =
      """
      {"schemaVersion": 1, "windows": [{"name": "7d", "length": "604800s", "alignTo": "INTERVAL_DAY"}],
       "breakdowns": [{"name": "source", "groupBy": ["source"]}], "metrics": [{"measure": "MEASURE_COUNT"}],
       "defaultLimit": 10, "maxLimit": 100}
      """;

  private QueryHarness service;

  @BeforeEach
  void start() throws Exception {
    service = QueryHarness.start(Map.of("WINDROW_JOB_SLOTS", "0"));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private CatalogServiceGrpc.CatalogServiceBlockingStub catalog() {
    return CatalogServiceGrpc.newBlockingStub(service.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @Test
  void sources_areListedByName_pageByPage() throws Exception {
    service.execute(
        "INSERT INTO sources (tenant_id, source) SELECT 1, 's-' || i FROM generate_series(10, 34) AS i");
    service.execute(
        "INSERT INTO source_watermarks (tenant_id, source, producer_id, complete_until, batch_id)"
            + " VALUES (1, 's-11', 'a', '2001-01-02Z', 1), (1, 's-11', 'b', '2001-01-01Z', 1)");
    List<Source> sources = new ArrayList<>();
    String token = "";
    do {
      ListSourcesResponse page =
          catalog()
              .listSources(
                  ListSourcesRequest.newBuilder().setPageSize(10).setPageToken(token).build());
      sources.addAll(page.getSourcesList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(sources).hasSize(25).extracting(Source::getName).isSorted().doesNotHaveDuplicates();
    assertThat(sources.get(0).hasCompleteUntil()).isFalse();
    assertThat(sources.get(0).getFirstSeenTime().getSeconds()).isPositive();
    assertThat(sources.get(1).getCompleteUntil().getSeconds()).isEqualTo(978_307_200);
    assertThatThrownBy(
            () -> catalog().listSources(ListSourcesRequest.newBuilder().setPageSize(-1).build()))
        .hasMessageContaining("page_size");
    assertThatThrownBy(
            () ->
                catalog()
                    .listSources(ListSourcesRequest.newBuilder().setPageToken("nonsense").build()))
        .hasMessageContaining("page_token");
  }

  @Test
  void rollups_areListed_whereverTheyAreInTheirLives() throws Exception {
    service.execute("UPDATE rollups SET state = 'RETIRED' WHERE name = 'type'");
    List<Rollup> rollups =
        catalog().listRollups(ListRollupsRequest.getDefaultInstance()).getRollupsList();
    assertThat(rollups)
        .extracting(Rollup::getName)
        .containsExactly("type", "type,source,status", "type,entity_id");
    assertThat(rollups)
        .extracting(Rollup::getState)
        .containsExactly(
            RollupState.ROLLUP_STATE_RETIRED,
            RollupState.ROLLUP_STATE_ACTIVE,
            RollupState.ROLLUP_STATE_ACTIVE);
    assertThat(rollups.get(2).getDimensionsList()).containsExactly("type", "entity_id");
    assertThat(rollups.get(2).getFinestGrain()).isEqualTo(Tier.TIER_HOUR);
    // By hand, and still on record.
    AuditEntry entry = entries("rollup", "type").get(0);
    assertThat(entry.getAction()).isEqualTo("update");
    assertThat(entry.getMetadata().toString()).contains("RETIRED").contains("ACTIVE");
    assertThat(entry.getActor()).isEqualTo(service.database().user());
  }

  @Test
  void retention_isTold_tierByTier() {
    service.execute(
        "INSERT INTO retention_horizons (tenant_id, tier, from_at) VALUES (1, 'minute', '2001-01-02Z')");
    List<RetainedTier> tiers =
        catalog().getRetention(GetRetentionRequest.getDefaultInstance()).getTiersList();
    assertThat(tiers)
        .extracting(RetainedTier::getTier)
        .containsExactly(Tier.TIER_RAW, Tier.TIER_MINUTE, Tier.TIER_HOUR, Tier.TIER_DAY);
    assertThat(tiers.get(0).hasKeptFrom()).isFalse();
    assertThat(tiers.get(1).getKeptFrom().getSeconds()).isEqualTo(978_307_200 + 86_400);
    assertThat(tiers.get(1).hasMoveTime()).isTrue();
    assertThat(entries("retention_horizon", "minute")).hasSize(1);
  }

  private static CreateMetricDefinitionRequest share(String... statuses) {
    return CreateMetricDefinitionRequest.newBuilder()
        .setName("lost_share")
        .setDescription("Share of what was lost")
        .setMetric(
            Metric.newBuilder()
                .setMeasure(Measure.MEASURE_STATUS_SHARE)
                .addAllStatuses(List.of(statuses)))
        .build();
  }

  private MetricDefinition define(CreateMetricDefinitionRequest request) {
    return catalog().createMetricDefinition(request).getDefinition();
  }

  @Test
  void metric_getsVersions_ofWhichNoneChanges_andTheSameAgainIsTheSame() throws Exception {
    MetricDefinition looked = define(share("lost").toBuilder().setValidateOnly(true).build());
    assertThat(looked.getVersion()).isEqualTo(1);
    assertThat(looked.hasCreateTime()).isFalse();
    assertThat(entries("metric", "lost_share/1")).isEmpty();

    MetricDefinition first = define(share("lost"));
    assertThat(first.getVersion()).isEqualTo(1);
    assertThat(define(share("lost"))).isEqualTo(first);
    MetricDefinition second = define(share("lost", "gone").toBuilder().setVersion(2).build());
    assertThat(second.getVersion()).isEqualTo(2);
    // Each by its number, the newest by none; and what an old one says can be said anew.
    assertThat(define(share("lost").toBuilder().setVersion(1).build())).isEqualTo(first);
    assertThat(define(share("lost", "gone"))).isEqualTo(second);
    assertThatThrownBy(() -> define(share("other").toBuilder().setVersion(1).build()))
        .hasMessageContaining("ALREADY_EXISTS")
        .hasMessageContaining("must be 3");
    assertThatThrownBy(() -> define(share("other").toBuilder().setVersion(4).build()))
        .hasMessageContaining("version");
    assertThat(define(share("lost")).getVersion()).isEqualTo(3);

    assertThat(
            service
                .client()
                .listMetricDefinitions(ListMetricDefinitionsRequest.getDefaultInstance())
                .getDefinitionsList())
        .contains(first, second);
    AuditEntry entry = entries("metric", "lost_share/2").get(0);
    assertThat(entry.getAction()).isEqualTo("create");
    assertThat(entry.getMetadata().toString()).contains("gone");
  }

  @Test
  void versions_thatAreAddedAtOnce_areEachTheirOwn() {
    List<CompletableFuture<MetricDefinition>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String status = "status-" + i;
      all.add(CompletableFuture.supplyAsync(() -> define(share(status))));
    }
    assertThat(all.stream().map(CompletableFuture::join).map(MetricDefinition::getVersion))
        .doesNotHaveDuplicates()
        .contains(1, 16);
  }

  @Test
  void metric_thatMakesNoSense_isRefused_namingTheField() {
    CreateMetricDefinitionRequest valid = share("lost");
    refused(valid.toBuilder().setName("Lost").build(), "name");
    refused(valid.toBuilder().clearMetric().build(), "metric");
    refused(valid.toBuilder().setDescription(" ").build(), "description");
    refused(
        valid.toBuilder().setMetric(Metric.newBuilder().setDefinition("uptime")).build(),
        "metric.definition");
    refused(
        valid.toBuilder()
            .setMetric(
                Metric.newBuilder().setMeasure(Measure.MEASURE_PERCENTILE).setPercentile(101))
            .build(),
        "metric.percentile");
  }

  private void refused(CreateMetricDefinitionRequest request, String field) {
    assertThatThrownBy(() -> define(request))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining(field);
  }

  @Test
  void report_thatIsAdded_runsAtOnce() throws Exception {
    ReportSpec.Builder spec = ReportSpec.newBuilder();
    JsonFormat.parser().merge(SPEC, spec);
    CreateReportRequest request =
        CreateReportRequest.newBuilder()
            .setName("by-source")
            .setKind(ReportKind.REPORT_KIND_SUMMARY)
            .setTitle("By source")
            .setDescription("How many events each source sent")
            .setSpec(spec)
            .build();
    Report report = catalog().createReport(request).getReport();
    assertThat(report.getVersion()).isEqualTo(1);
    assertThat(catalog().createReport(request).getReport()).isEqualTo(report);
    assertThat(
            service.client().listReports(ListReportsRequest.getDefaultInstance()).getReportsList())
        .contains(report);
    assertThat(
            service
                .client()
                .runReport(RunReportRequest.newBuilder().setReport("by-source").build())
                .getVersion())
        .isEqualTo(1);
    assertThat(
            catalog()
                .createReport(request.toBuilder().setTitle("Sources").build())
                .getReport()
                .getVersion())
        .isEqualTo(2);
    assertThat(entries("report", "by-source/2")).hasSize(1);

    assertThatThrownBy(
            () ->
                catalog()
                    .createReport(request.toBuilder().setSpec(spec.clone().setMaxLimit(0)).build()))
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("max_limit");
    assertThatThrownBy(() -> catalog().createReport(request.toBuilder().clearKind().build()))
        .hasMessageContaining("kind");
  }

  @Test
  void audit_isListedNewestFirst_byWhatIsAskedFor() throws Exception {
    for (int i = 1; i <= 5; i++) {
      define(share("status-" + i));
    }
    JobServiceGrpc.JobServiceBlockingStub jobs = JobServiceGrpc.newBlockingStub(service.channel());
    Job job =
        jobs.createJob(
                CreateJobRequest.newBuilder()
                    .setSpec(
                        JobSpec.newBuilder()
                            .setRetireRollup(RetireRollupJob.newBuilder().setRollup("type")))
                    .build())
            .getJob();
    jobs.cancelJob(CancelJobRequest.newBuilder().setName(job.getName()).build());
    List<AuditEntry> ofJob = entries("job", job.getName().substring("jobs/".length()));
    assertThat(ofJob).extracting(AuditEntry::getAction).containsExactly("update", "create");
    assertThat(ofJob.get(1).getMetadata().toString()).contains("retire_rollup");

    ListAuditEntriesRequest metrics =
        ListAuditEntriesRequest.newBuilder().setResource("metric").setPageSize(2).build();
    List<AuditEntry> all = new ArrayList<>();
    ListAuditEntriesResponse page = catalog().listAuditEntries(metrics);
    while (!page.getNextPageToken().isEmpty()) {
      all.addAll(page.getEntriesList());
      page =
          catalog()
              .listAuditEntries(metrics.toBuilder().setPageToken(page.getNextPageToken()).build());
    }
    all.addAll(page.getEntriesList());
    assertThat(all)
        .extracting(AuditEntry::getResourceId)
        .containsExactly(
            "lost_share/5", "lost_share/4", "lost_share/3", "lost_share/2", "lost_share/1");
    assertThatThrownBy(
            () ->
                catalog()
                    .listAuditEntries(
                        ListAuditEntriesRequest.newBuilder().setResourceId("x").build()))
        .hasMessageContaining("resource");
    assertThat(
            catalog()
                .listAuditEntries(ListAuditEntriesRequest.newBuilder().setActor("nobody").build())
                .getEntriesList())
        .isEmpty();
  }

  private List<AuditEntry> entries(String resource, String id) {
    return catalog()
        .listAuditEntries(
            ListAuditEntriesRequest.newBuilder().setResource(resource).setResourceId(id).build())
        .getEntriesList();
  }
}
