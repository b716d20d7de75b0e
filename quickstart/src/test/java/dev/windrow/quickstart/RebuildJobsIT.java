package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.CancelJobRequest;
import dev.windrow.job.v1.ChangedRollup;
import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.RebuiltDay;
import dev.windrow.job.v1.RebuiltRollup;
import dev.windrow.job.v1.RecomputeJob;
import dev.windrow.job.v1.RetireRollupJob;
import dev.windrow.job.v1.RowDifference;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.Tier;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs that are asked for at query-service and done by ingest-service. */
class RebuildJobsIT extends BothServices {
  private static final int EVENTS = 600;
  // That of compaction, as AdvisoryLock has it, and the one tenant.
  private static final String COMPACTION = "x'57490002'::integer, 1";

  private static final String SOURCE_ROLLUP =
      "SELECT count(*) FROM rollups WHERE name = 'source' AND state = '%s'";

  @BeforeEach
  void appendAndCompact() {
    append();
    awaitCompacted();
  }

  private void append() {
    AppendRequest.Builder batch = AppendRequest.newBuilder();
    for (int i = 0; i < EVENTS; i++) {
      batch.addEvents(
          Event.newBuilder()
              .setOccurredAt(Timestamp.newBuilder().setSeconds(NEW_YEAR + DAY * 2 * i / EVENTS))
              .setSource("source-" + i % 3)
              .setType("type")
              .setEntityId("entity-" + i % 7)
              .setStatus(i % 5 == 0 ? "failed" : "ok")
              .setValue(i));
    }
    var answer =
        IngestServiceGrpc.newBlockingStub(writer.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .append(batch.build());
    assertThat(answer.getRejectionsList()).isEmpty();
  }

  @Test
  void whatIsWrong_isFound_shown_andRepaired() throws Exception {
    execute(
        "UPDATE rollup_buckets SET event_count = event_count + 5 WHERE rollup_id = 2 AND grain = 3"
            + " AND key = '{type,source-1,ok}' AND start_at = '2001-01-02'");
    assertThat(count()).as("as wrong as the bucket").isEqualTo(EVENTS + 5);

    List<RebuiltDay> found = days(done(verify(false)));
    assertThat(found).extracting(RebuiltDay::getDay).containsExactly("2001-01-01", "2001-01-02");
    assertThat(sum(found, RebuiltRollup::getDifferingRowCount)).isEqualTo(1);
    assertThat(found.get(1).getRollups(1).getRollup()).isEqualTo("type,source,status");
    RowDifference difference = found.get(1).getRollups(1).getDifferences(0);
    assertThat(difference.getGrain()).isEqualTo("day");
    assertThat(difference.getStartTime().getSeconds()).isEqualTo(NEW_YEAR + DAY);
    assertThat(difference.getKeyList()).containsExactly("type", "source-1", "ok");
    assertThat(difference.getFields(0).getField()).isEqualTo("event_count");
    assertThat(count()).as("nothing was written").isEqualTo(EVENTS + 5);

    List<RebuiltDay> repaired = days(done(verify(true)));
    assertThat(repaired.get(1).getRollups(1).getReplaced()).isTrue();
    assertThat(repaired.get(1).getRollups(0).getReplaced()).isFalse();
    assertThat(repaired.get(0).getRollups(1).getReplaced()).isFalse();
    assertThat(count()).isEqualTo(EVENTS);
    assertThat(
            number(
                "SELECT count(*) FROM rollup_buckets WHERE run_id = " + repaired.get(1).getRunId()))
        .isEqualTo(repaired.get(1).getRollups(1).getWrittenRowCount());
    assertThat(sum(days(done(verify(false))), RebuiltRollup::getDifferingRowCount)).isZero();
  }

  @Test
  void recompute_makesAllAnew_andChangesNothingThatIsRight() throws Exception {
    long rows = number("SELECT count(*) FROM rollup_buckets");
    Job job = done(recompute("type", "type,entity_id"));
    assertThat(job.getProgress().getDone()).isEqualTo(2);
    assertThat(job.getProgress().getTotal()).isEqualTo(2);
    List<RebuiltDay> days = days(job);
    assertThat(days)
        .allSatisfy(
            day ->
                assertThat(day.getRollupsList())
                    .extracting(RebuiltRollup::getRollup)
                    .containsExactly("type", "type,entity_id"));
    assertThat(sum(days, RebuiltRollup::getEventCount)).isEqualTo(2L * EVENTS);
    assertThat(sum(days, RebuiltRollup::getWrittenRowCount))
        .isEqualTo(number("SELECT count(*) FROM rollup_buckets WHERE run_id IS NOT NULL"));
    assertThat(number("SELECT count(*) FROM rollup_buckets")).isEqualTo(rows);
    assertThat(sum(days(done(verify(false))), RebuiltRollup::getDifferingRowCount)).isZero();
    assertThat(count()).isEqualTo(EVENTS);
  }

  @Test
  void jobs_thatWouldRewriteTheSame_areRefused_untilTheFirstHasEnded() throws Exception {
    try (Connection compactor = database.connect();
        Statement statement = compactor.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + COMPACTION + ")");
      Job first = create(recompute());
      await().atMost(PATIENCE).until(() -> waiting() > 0);
      assertThatThrownBy(() -> create(verify(true)))
          .hasMessageContaining("ABORTED")
          .hasMessageContaining(first.getName());
      assertThat(create(verify(false)).getName()).isNotEmpty();
      jobs().cancelJob(CancelJobRequest.newBuilder().setName(first.getName()).build());
      assertThat(awaited(first).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    }
    assertThat(done(verify(true)).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
  }

  @Test
  void rollup_thatIsNotThere_failsTheJob() {
    Job job = awaited(create(recompute("nonsense")));
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(job.getError().getReason()).isEqualTo("UNKNOWN_ROLLUP");
    assertThat(job.getError().getMetadataOrThrow("allowed")).contains("type,source,status");
  }

  @Test
  void rollup_thatIsCreated_answersWhenItHasBeenFilled_andNotAfterItIsRetired() throws Exception {
    CreateRollupJob wanted =
        CreateRollupJob.newBuilder().addDimensions("source").setFinestGrain(Tier.TIER_HOUR).build();
    JobSpec create = JobSpec.newBuilder().setCreateRollup(wanted).build();
    assertThat(rollups()).doesNotContain("source");
    Job creation = done(create);
    ChangedRollup created = changed(creation);
    assertThat(audited(creation)).as("added, and made active").isEqualTo(2);
    assertThat(created.getRollup()).isEqualTo("source");
    assertThat(created.getBuiltDayCount()).isEqualTo(2);
    assertThat(created.getEventCount()).isEqualTo(EVENTS);
    assertThat(rollups()).contains("source");
    // Whatever comes now is folded into it, too.
    append();
    assertThat(count()).isEqualTo(2 * EVENTS);
    assertThat(days(done(verify(false))))
        .allSatisfy(
            day ->
                assertThat(day.getRollupsList())
                    .extracting(RebuiltRollup::getRollup)
                    .contains("source"));
    assertThat(sum(days(done(verify(false))), RebuiltRollup::getDifferingRowCount)).isZero();

    Job again = awaited(create(create));
    assertThat(again.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(again.getError().getReason()).isEqualTo("ROLLUP_EXISTS");

    RetireRollupJob retire = RetireRollupJob.newBuilder().setRollup("source").build();
    assertThat(audited(done(JobSpec.newBuilder().setRetireRollup(retire).build()))).isEqualTo(1);
    assertThat(rollups()).doesNotContain("source");
    assertThat(count()).isEqualTo(2 * EVENTS);
  }

  @Test
  void creation_thatIsCancelled_takesItsRollupAwayAgain() throws Exception {
    CreateRollupJob wanted = CreateRollupJob.newBuilder().addDimensions("source").build();
    try (Connection compactor = database.connect();
        Statement statement = compactor.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + COMPACTION + ")");
      Job creation = create(JobSpec.newBuilder().setCreateRollup(wanted).build());
      await().atMost(PATIENCE).until(() -> waiting() > 0);
      assertThat(number(SOURCE_ROLLUP.formatted("BUILDING"))).isEqualTo(1);
      jobs().cancelJob(CancelJobRequest.newBuilder().setName(creation.getName()).build());
      assertThat(awaited(creation).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> number("SELECT count(*) FROM jobs WHERE state = 'SUCCEEDED'") == 1);
    assertThat(number(SOURCE_ROLLUP.formatted("RETIRED"))).isEqualTo(1);
    assertThat(rollups()).doesNotContain("source");
  }

  @Test
  void jobs_ofRollups_thatAreBegunAgain_touchOnlyWhatIsTheirs_andLeaveNothingHalfDone()
      throws Exception {
    // As if a worker had died at once: the rollup of that name was there long before.
    execute(
        "INSERT INTO jobs (tenant_id, kind, spec, state, attempt, lease_until, started_at) VALUES (1, 'create_rollup',"
            + " '{\"createRollup\": {\"dimensions\": [\"type\", \"source\", \"status\"]}}', 'RUNNING', 1,"
            + " now() - interval '1 second', now())");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number("SELECT count(*) FROM jobs WHERE failure ->> 'reason' = 'ROLLUP_EXISTS'")
                    == 1);
    assertThat(rollups()).contains("type,source,status");

    // As if it had died between the retirement and the deletion.
    execute("UPDATE rollups SET state = 'RETIRED' WHERE name = 'type,source,status'");
    execute("UPDATE tenants SET catalog_version = catalog_version + 1");
    assertThat(number("SELECT count(*) FROM rollup_buckets WHERE rollup_id = 2")).isPositive();
    execute(
        "INSERT INTO jobs (tenant_id, kind, spec, state, attempt, lease_until, started_at) VALUES (1, 'retire_rollup',"
            + " '{\"retireRollup\": {\"rollup\": \"type,source,status\"}}', 'RUNNING', 1,"
            + " now() - interval '1 second', now())");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number(
                        "SELECT count(*) FROM jobs WHERE kind = 'retire_rollup' AND state = 'SUCCEEDED'")
                    == 1);
    assertThat(number("SELECT count(*) FROM rollup_buckets WHERE rollup_id = 2")).isZero();
  }

  /** Changes of the rollup that are on record as the job's. */
  private long audited(Job job) throws SQLException {
    return number(
        "SELECT count(*) FROM audit_entries WHERE resource = 'rollup' AND resource_id = 'source'"
            + " AND actor = '%s'".formatted(job.getName()));
  }

  /** Those that could tell of sources. */
  private List<String> rollups() {
    var question =
        SummarizeRequest.newBuilder()
            .setWindow(window())
            .addGroupBy("source")
            .setExplain(true)
            .build();
    Plan plan =
        QueryServiceGrpc.newBlockingStub(reader.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .summarize(question)
            .getPlan();
    List<String> rollups = new ArrayList<>(List.of(plan.getRollup()));
    plan.getAlternativesList().forEach(other -> rollups.add(other.getRollup()));
    return rollups;
  }

  private ChangedRollup changed(Job job) {
    return jobs()
        .readJobResult(ReadJobResultRequest.newBuilder().setName(job.getName()).build())
        .next()
        .getChangedRollup();
  }

  private static JobSpec verify(boolean repair) {
    return JobSpec.newBuilder()
        .setVerify(VerifyJob.newBuilder().setWindow(window()).setRepair(repair))
        .build();
  }

  private static JobSpec recompute(String... rollups) {
    return JobSpec.newBuilder()
        .setRecompute(RecomputeJob.newBuilder().setWindow(window()).addAllRollups(List.of(rollups)))
        .build();
  }

  private List<RebuiltDay> days(Job job) {
    List<RebuiltDay> days = new ArrayList<>();
    jobs()
        .readJobResult(ReadJobResultRequest.newBuilder().setName(job.getName()).build())
        .forEachRemaining(page -> days.add(page.getRebuiltDay()));
    return days;
  }

  private static long sum(List<RebuiltDay> days, ToLongFunction<RebuiltRollup> figure) {
    return days.stream().flatMap(day -> day.getRollupsList().stream()).mapToLong(figure).sum();
  }

  /** As the rollup tells that has sources. */
  private long count() {
    var question =
        SummarizeRequest.newBuilder().setWindow(window()).setFilter("NOT source = nobody").build();
    return QueryServiceGrpc.newBlockingStub(reader.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .summarize(question)
        .getRows(0)
        .getValues(0)
        .getInteger();
  }

  private long waiting() throws SQLException {
    return number(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'windrow-ingest-work'"
            + " AND wait_event = 'advisory'");
  }
}
