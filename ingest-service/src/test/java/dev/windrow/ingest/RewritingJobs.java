package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.RebuiltDay;
import dev.windrow.job.v1.RebuiltRollup;
import dev.windrow.job.v1.VoidOutcome;
import dev.windrow.job.v1.VoidedEvent;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Six days of events, to which more are appended; jobs that rewrite what is stored of them, of all
 * kinds; and what must have become of each.
 */
final class RewritingJobs implements AutoCloseable {
  static final LocalDate FROM = LocalDate.parse("2001-01-01");
  static final int DAYS = 6;
  private static final LocalDate TO = FROM.plusDays(DAYS);
  private static final int EVENTS = 1_500;
  private static final int VOIDED_AT_ONCE = 12;
  private static final List<List<String>> DIMENSIONS =
      List.of(
          List.of("attributes.region"),
          List.of("source", "entity_id"),
          List.of("status", "attributes.region"));

  /** A kind, beside which a round has that after the next; so none repairs what another voids. */
  enum Kind {
    VERIFY,
    VOID_EVENTS,
    RECOMPUTE,
    CREATE_ROLLUP,
    RETIRE_ROLLUP
  }

  /**
   * A job that was asked for.
   *
   * @param rollup that it adds or takes away, or empty
   * @param events that it takes back
   */
  record Asked(Kind kind, String id, String rollup, List<EventName> events) {}

  final IngestHarness harness;
  final JobRoom room;
  private final Random random;
  private final List<EventName> named = new ArrayList<>();
  private final Deque<String> rollups = new ArrayDeque<>();
  private final Map<String, String> creators = new HashMap<>();
  private int created;
  private int voided;
  private int corruptions;
  private long sent;

  /** Takes events, compacts, and works at no job. */
  RewritingJobs(Random random) {
    this.random = random;
    harness =
        IngestHarness.start(
            "WINDROW_JOB_SLOTS",
            "0",
            "WINDROW_LANES",
            "1",
            "WINDROW_UNFOLDED_TIME",
            "PT0.5S",
            "WINDROW_VERIFY_PERCENT",
            "0");
    room = new JobRoom(harness.database);
    append(EVENTS, true);
    RebuildCourse.patiently()
        .until(
            () ->
                harness.number(RebuildCourse.NOTES) == 0
                    && harness.number(RebuildCourse.DELTAS) == 0);
  }

  void append(int events) {
    append(events, false);
  }

  private void append(int events, boolean withIds) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (Event drawn : RebuildCourse.randomBatch(random, events, 60).getEventsList()) {
      Event.Builder event = drawn.toBuilder();
      long shift = 86_400L * RebuildCourse.DAYS * random.nextInt(DAYS / RebuildCourse.DAYS);
      event.getOccurredAtBuilder().setSeconds(drawn.getOccurredAt().getSeconds() + shift);
      if (withIds) {
        event.setEventId("id-" + named.size());
        named.add(
            EventName.newBuilder()
                .setSource(event.getSource())
                .setEventId(event.getEventId())
                .build());
      }
      request.addEvents(event);
    }
    assertThat(harness.stub().append(request.build()).getStoredCount()).isEqualTo(events);
    sent += events;
  }

  Asked ask(Kind kind) {
    return switch (kind) {
      case VERIFY -> {
        corrupt();
        yield asked(kind, JobRoom.repair(FROM, TO), "", List.of());
      }
      case RECOMPUTE -> asked(kind, JobRoom.recompute(FROM, TO), "", List.of());
      case VOID_EVENTS -> {
        List<EventName> events = named.subList(voided, voided + VOIDED_AT_ONCE);
        voided += VOIDED_AT_ONCE;
        yield asked(kind, JobRoom.voidEvents(events), "", events);
      }
      case CREATE_ROLLUP -> {
        String name = "extra-" + ++created;
        List<String> dimensions = DIMENSIONS.get(created % DIMENSIONS.size());
        yield asked(kind, JobRoom.createRollup(name, dimensions), name, List.of());
      }
      case RETIRE_ROLLUP -> {
        String name = rollups.removeFirst();
        yield asked(kind, JobRoom.retireRollup(name), name, List.of());
      }
    };
  }

  private Asked asked(Kind kind, JobSpec spec, String rollup, List<EventName> events) {
    return new Asked(kind, room.create(spec), rollup, events);
  }

  // A bucket that compaction replaces at the same time is not there to be changed.
  private void corrupt() {
    Corruption corruption = Corruption.ALL.get(random.nextInt(3));
    RebuildCourse.patiently().until(() -> changed(corruption.sql()) == 1);
    corruptions++;
  }

  private int changed(String sql) {
    try (Connection connection = harness.database.connect();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Checks a job that has ended. */
  void check(String context, Asked asked) {
    Job job = room.find(asked.id());
    assertThat(job.state()).as("%s, %s", context, job).isEqualTo(JobState.SUCCEEDED);
    assertThat(
            harness.text(
                "SELECT count(*) || ' ' || coalesce(max(page) + 1, 0) || ' ' || count(DISTINCT attempt)"
                    + " || ' ' || max(attempt) FROM job_pages WHERE job_id = '%s'"
                        .formatted(asked.id())))
        .as("pages, the last one's number, attempts, attempt; %s, %s", context, job)
        .isEqualTo(job.pageCount() + " " + job.pageCount() + " 1 " + job.attempt());
    List<ReadJobResultResponse> pages = room.pages(job);
    String as = context + ", " + asked.kind() + " in attempt " + job.attempt();
    switch (asked.kind()) {
      case VERIFY, RECOMPUTE -> checkDays(as, asked, pages);
      case VOID_EVENTS -> checkVoided(as, asked, pages);
      case CREATE_ROLLUP -> {
        checkChanged(as, asked, pages, "ACTIVE");
        rollups.addLast(asked.rollup());
      }
      case RETIRE_ROLLUP -> {
        checkChanged(as, asked, pages, "RETIRED");
        assertThat(left(asked.rollup())).as(as).isZero();
      }
    }
  }

  private void checkDays(String as, Asked asked, List<ReadJobResultResponse> pages) {
    List<RebuiltDay> days = pages.stream().map(ReadJobResultResponse::getRebuiltDay).toList();
    assertThat(days)
        .as(as)
        .extracting(RebuiltDay::getDay)
        .containsExactlyElementsOf(FROM.datesUntil(TO).map(LocalDate::toString).toList());
    assertThat(days).as(as).extracting(RebuiltDay::getRunId).containsOnly(days.get(0).getRunId());
    List<RebuiltRollup> all = days.stream().flatMap(day -> day.getRollupsList().stream()).toList();
    if (asked.kind() == Kind.RECOMPUTE) {
      assertThat(all).as(as).allMatch(RebuiltRollup::getReplaced);
    }
    // The result tells what the run's rows do.
    assertThat(
            harness.text(
                "SELECT count(*) || ' ' || sum(event_count) || ' ' || sum(differing_count) || ' ' || sum(bucket_count)"
                    + " FROM recompute_runs WHERE run_id = "
                    + days.get(0).getRunId()))
        .as(as)
        .isEqualTo(
            all.size()
                + " "
                + all.stream().mapToLong(RebuiltRollup::getEventCount).sum()
                + " "
                + all.stream().mapToLong(RebuiltRollup::getDifferingRowCount).sum()
                + " "
                + all.stream().mapToLong(RebuiltRollup::getWrittenRowCount).sum());
  }

  private void checkVoided(String as, Asked asked, List<ReadJobResultResponse> pages) {
    List<VoidedEvent> told =
        pages.stream().flatMap(page -> page.getVoidedEvents().getEventsList().stream()).toList();
    assertThat(told).as(as).extracting(VoidedEvent::getName).isEqualTo(asked.events());
    assertThat(told)
        .as(as)
        .extracting(VoidedEvent::getOutcome)
        .containsOnly(VoidOutcome.VOID_OUTCOME_VOIDED);
    String ours = "FROM voided_events WHERE job_id = '" + asked.id() + "'";
    assertThat(harness.number("SELECT count(*) " + ours)).as(as).isEqualTo(asked.events().size());
    assertThat(
            harness.number(
                "SELECT count(*) FROM events WHERE (source, event_id) IN (SELECT source, event_id "
                    + ours
                    + ")"))
        .as(as)
        .isZero();
    assertThat(
            harness.text(
                "SELECT count(*) || ' ' || count(DISTINCT resource_id) FROM audit_entries WHERE action = 'void'"
                    + " AND actor = 'jobs/%s'".formatted(asked.id())))
        .as("audit of %s", as)
        .isEqualTo(asked.events().size() + " " + asked.events().size());
    // A correction is a batch of each day, and each rollup's day was rebuilt for it once.
    String days = harness.text("SELECT count(DISTINCT occurred_at::date) " + ours);
    assertThat(
            harness.text(
                "SELECT count(*) FROM ingest_batches WHERE event_count = 0 AND batch_id IN"
                    + " (SELECT void_batch_id "
                    + ours
                    + ")"))
        .as(as)
        .isEqualTo(days);
    assertThat(
            harness.text(
                "SELECT count(DISTINCT void_batch_id) || ' ' || max(n) FROM ("
                    + "SELECT void_batch_id, count(*) OVER (PARTITION BY rollup_id, day) AS n FROM recompute_runs"
                    + " WHERE void_batch_id IN (SELECT void_batch_id "
                    + ours
                    + ")) AS runs"))
        .as(as)
        .isEqualTo(days + " 1");
  }

  private void checkChanged(
      String as, Asked asked, List<ReadJobResultResponse> pages, String state) {
    assertThat(pages).as(as).hasSize(1);
    assertThat(pages.get(0).getChangedRollup().getRollup()).as(as).isEqualTo(asked.rollup());
    String ours = " FROM rollups WHERE name = '" + asked.rollup() + "'";
    assertThat(harness.text("SELECT string_agg(state, ',')" + ours)).as(as).isEqualTo(state);
    String creator = creators.computeIfAbsent(asked.rollup(), name -> asked.id());
    String history = "create BUILDING jobs/%1$s, update ACTIVE jobs/%1$s".formatted(creator);
    assertThat(history(asked.rollup()))
        .as("audit of %s", as)
        .isEqualTo(
            state.equals("ACTIVE") ? history : history + ", update RETIRED jobs/" + asked.id());
  }

  /** What the audit tells of a rollup. */
  String history(String rollup) {
    return harness.text(
        "SELECT string_agg(action || ' ' || (metadata #>> '{after,state}') || ' ' || actor, ', ' ORDER BY entry_id)"
            + " FROM audit_entries WHERE resource = 'rollup' AND resource_id = '%s'"
                .formatted(rollup));
  }

  /** Rows that a rollup has left, of whatever kind. */
  long left(String rollup) {
    String ours =
        " WHERE rollup_id = (SELECT rollup_id FROM rollups WHERE name = '%s'))".formatted(rollup);
    return harness.number(
        "SELECT (SELECT count(*) FROM rollup_buckets"
            + ours
            + " + (SELECT count(*) FROM rollup_deltas"
            + ours
            + " + (SELECT count(*) FROM unfolded_batches"
            + ours);
  }

  /** Checks what is stored once all jobs have succeeded, but for its sketches. */
  void checkAll(String context) {
    Invariant.check(harness.database);
    assertThat(harness.number("SELECT count(*) FROM events")).as(context).isEqualTo(sent - voided);
    assertThat(harness.number("SELECT count(*) FROM voided_events")).as(context).isEqualTo(voided);
    // Every wrong row was found, replaced and recorded once.
    assertThat(
            harness.number(
                "SELECT coalesce(sum(differing_count), 0) FROM recompute_runs"
                    + " WHERE rollup_id <= 3 AND void_batch_id IS NULL"))
        .as("wrong rows found, %s", context)
        .isEqualTo(corruptions);
    assertThat(harness.number("SELECT count(*) FROM jobs WHERE state = 'RUNNING'"))
        .as(context)
        .isZero();
  }

  @Override
  public void close() {
    room.close();
    harness.close();
  }
}
