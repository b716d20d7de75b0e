package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import com.google.rpc.RetryInfo;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.ExportJob;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.RecomputeJob;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R27 for jobs and questions: errors that pass by themselves end no job, however long they
 * last, and tell no caller what the database said.
 */
@Tag("minutes")
class RaisedFaultsIT extends BothServices {
  private static final int EVENTS = 600;
  // More often than a job may be begun whose workers die.
  private static final int TIMES = 6;
  private static final List<String> STATES = List.of("53100", "40001");

  @BeforeEach
  void appendAndPrepare() throws Exception {
    AppendRequest.Builder batch = AppendRequest.newBuilder();
    for (int i = 0; i < EVENTS; i++) {
      batch.addEvents(
          Event.newBuilder()
              .setOccurredAt(Timestamp.newBuilder().setSeconds(NEW_YEAR + DAY * 2 * i / EVENTS))
              .setSource("source-" + i % 3)
              .setType("type")
              .setEntityId("entity-" + i % 7)
              .setStatus("ok")
              .setValue(i));
    }
    IngestServiceGrpc.newBlockingStub(writer.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .append(batch.build());
    awaitCompacted();
    execute(
        """
        CREATE TABLE fault (state text NOT NULL);
        CREATE SEQUENCE fault_count;
        CREATE FUNCTION raise_fault() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          told text;
        BEGIN
          SELECT state INTO told FROM fault;
          -- What a sequence gives survives the rollback.
          IF FOUND AND nextval('fault_count') > 0 THEN
            RAISE EXCEPTION 'pg_internal_detail' USING ERRCODE = told;
          END IF;
          RETURN NULL;
        END
        $$;
        CREATE TRIGGER fault_buckets AFTER INSERT OR UPDATE OR DELETE ON rollup_buckets
          FOR EACH STATEMENT EXECUTE FUNCTION raise_fault();
        CREATE TRIGGER fault_pages AFTER INSERT ON job_pages
          FOR EACH STATEMENT EXECUTE FUNCTION raise_fault();
        """);
  }

  @Test
  void jobs_thatAFaultHitsManyTimes_succeedBehindIt() throws Exception {
    int jobs = 0;
    long attempts = 0;
    for (String state : STATES) {
      for (JobSpec spec : List.of(recompute(), create("r" + jobs), export())) {
        execute("SELECT setval('fault_count', 1, false)");
        execute("INSERT INTO fault VALUES ('" + state + "')");
        Job job = create(spec);
        int times = state.equals("53100") ? TIMES : 2;
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fault_count")
                        >= times);
        execute("DELETE FROM fault");

        Job ended = awaited(job);

        assertThat(ended.getState())
            .as("%s %s", state, ended)
            .isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        attempts += ended.getAttempt();
        jobs++;
      }
    }
    System.out.printf("R27 jobs=%d attempts=%d failed=0%n", jobs, attempts);
    Job verified =
        done(JobSpec.newBuilder().setVerify(VerifyJob.newBuilder().setWindow(window())).build());
    assertThat(
            number(
                "SELECT coalesce(sum(page_count), 0) FROM jobs WHERE 'jobs/' || job_id = '"
                    + verified.getName()
                    + "'"))
        .isEqualTo(2);
    assertThat(count()).isEqualTo(EVENTS);
  }

  /** By a function of the search path that stands before PostgreSQL's own. */
  @Test
  void questions_thatAFaultHits_areUnavailable_andSayNothingOfIt() throws Exception {
    int refused = 0;
    for (String state : List.of("53100", "53200", "53300", "58030", "57P03", "40001", "40P01")) {
      execute(
          """
          ALTER TABLE tenants RENAME TO tenants_of_ours;
          CREATE FUNCTION raise_state() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
          BEGIN RAISE EXCEPTION 'pg_internal_detail' USING ERRCODE = '%s'; END $$;
          CREATE VIEW tenants AS SELECT * FROM tenants_of_ours WHERE raise_state();
          """
              .formatted(state));
      StatusRuntimeException error =
          catchThrowableOfType(StatusRuntimeException.class, this::count);
      execute(
          "DROP VIEW tenants; DROP FUNCTION raise_state; ALTER TABLE tenants_of_ours RENAME TO tenants");

      assertThat(error).as(state).isNotNull();
      com.google.rpc.Status told = Objects.requireNonNull(StatusProto.fromThrowable(error));
      assertThat(error.getStatus().getCode())
          .as("%s: %s", state, told)
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(told.getDetailsList()).as(state).anyMatch(any -> any.is(RetryInfo.class));
      assertThat(told.toString()).as(state).doesNotContain("pg_internal_detail");
      assertThat(count()).as("behind %s", state).isEqualTo(EVENTS);
      refused++;
    }
    System.out.printf("R27 questions refused=%d%n", refused);
  }

  private static JobSpec recompute() {
    return JobSpec.newBuilder().setRecompute(RecomputeJob.newBuilder().setWindow(window())).build();
  }

  private static JobSpec create(String name) {
    return JobSpec.newBuilder()
        .setCreateRollup(CreateRollupJob.newBuilder().setRollup(name).addDimensions("source"))
        .build();
  }

  private static JobSpec export() {
    return JobSpec.newBuilder().setExport(ExportJob.newBuilder().setWindow(window())).build();
  }

  private long count() {
    return QueryServiceGrpc.newBlockingStub(reader.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .summarize(SummarizeRequest.newBuilder().setWindow(window()).build())
        .getRows(0)
        .getValues(0)
        .getInteger();
  }
}
