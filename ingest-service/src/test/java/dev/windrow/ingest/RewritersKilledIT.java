package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.RewritingJobs.Asked;
import dev.windrow.ingest.RewritingJobs.Kind;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R26 of jobs that rewrite what is stored: of two replicas that work, that which has the job
 * is killed, at any moment, and the other one takes over, while events arrive.
 */
@Tag("minutes")
class RewritersKilledIT extends RebuildCourse {
  private static final int KILLS = Integer.getInteger("windrow.test.worker.kills", 10);
  private static final Kind[] KINDS = Kind.values();
  private static final int EVENTS_PER_LOOK = 5;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(40);

  // From when a job is seen to run to its end.
  private final Map<Kind, Long> nanos = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> atWork = new EnumMap<>(Kind.class);

  @Test
  void jobs_whoseWorkersAreKilled_haveOneResult_andLeaveWhatIsStoredExact() throws Exception {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    try (RewritingJobs jobs = new RewritingJobs(random);
        Workers workers = new Workers(jobs.harness.database, 2)) {
      workers.startLearning();
      // Undisturbed, for their times, and so that there are rollups to be taken away.
      for (Kind kind : List.of(Kind.CREATE_ROLLUP, Kind.CREATE_ROLLUP)) {
        Asked asked = jobs.ask(kind);
        awaitEnded(jobs, asked);
        jobs.check("undisturbed, seed " + seed, asked);
      }
      for (Kind kind : KINDS) {
        Asked asked = jobs.ask(kind);
        awaitEnded(jobs, asked);
        jobs.check("undisturbed, seed " + seed, asked);
      }
      workers.learn();
      workers.start();
      workers.start();
      int attempts = 0;
      long longest = 0;
      for (int i = 0; i < KILLS; i++) {
        String context = "seed " + seed + ", kill " + i;
        List<Asked> both = killed(jobs, workers, i, random);
        long begun = System.nanoTime();
        workers.start();
        for (Asked asked : both) {
          awaitEnded(jobs, asked);
        }
        longest = Math.max(longest, System.nanoTime() - begun);
        for (Asked asked : both) {
          jobs.check(context, asked);
          attempts += jobs.room.find(asked.id()).attempt();
        }
        jobs.checkAll(context);
      }
      assertThat(wrong(jobs)).as("differing rows, seed %d", seed).isZero();
      System.out.printf(
          "R26 rewriting kills=%d at_work=%s jobs=%d attempts=%d published_twice=0 wrong=0 events=%d longest_s=%.1f%n",
          KILLS,
          atWork,
          2 * KILLS,
          attempts,
          jobs.harness.number("SELECT count(*) FROM events"),
          longest / 1e9);
      // The first kill of each kind was certainly in the midst of its work.
      assertThat(atWork).hasSizeGreaterThanOrEqualTo(Math.min(KILLS, KINDS.length));
    }
  }

  /** Two jobs, of which the first one's worker was killed. */
  private List<Asked> killed(RewritingJobs jobs, Workers workers, int kill, Random random)
      throws Exception {
    Kind kind = KINDS[kill % KINDS.length];
    Kind beside = KINDS[(kill + 2) % KINDS.length];
    if (kill < KINDS.length) {
      try (Connection holder = withoutCompaction(jobs)) {
        List<Asked> both = List.of(jobs.ask(kind), jobs.ask(beside));
        patiently().until(() -> locks(jobs.harness, false) == 2);
        kill(jobs, workers, both);
        holder.rollback();
        return both;
      }
    }
    // Over all kills of a kind, moments are spread over the whole of its work.
    double strata = Math.max(1, Math.ceil((double) KILLS / KINDS.length) - 1);
    double stratum = kill / KINDS.length - 1 + random.nextDouble();
    long delay = (long) (nanos.getOrDefault(kind, 0L) * stratum / strata);
    List<Asked> both = List.of(jobs.ask(kind), jobs.ask(beside));
    patiently().until(() -> jobs.room.find(both.get(0).id()).state() != JobState.PENDING);
    long until = System.nanoTime() + delay;
    patiently()
        .until(
            () -> {
              jobs.append(EVENTS_PER_LOOK);
              return System.nanoTime() > until;
            });
    kill(jobs, workers, both);
    return both;
  }

  private void kill(RewritingJobs jobs, Workers workers, List<Asked> both)
      throws InterruptedException {
    String worker = jobs.room.find(both.get(0).id()).worker();
    workers.kill(worker);
    for (Asked asked : both) {
      Job job = jobs.room.find(asked.id());
      if (job.state() == JobState.RUNNING && job.worker().equals(worker)) {
        atWork.merge(asked.kind(), 1, Integer::sum);
      }
    }
  }

  /** A transaction that holds what compaction and all jobs need. */
  private static Connection withoutCompaction(RewritingJobs jobs) throws SQLException {
    Connection holder = jobs.harness.database.connect();
    holder.setAutoCommit(false);
    try (Statement statement = holder.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_xact_lock(%d, 1)".formatted(AdvisoryLock.COMPACTION.classId()));
    }
    return holder;
  }

  private void awaitEnded(RewritingJobs jobs, Asked asked) {
    long[] begun = {0, 0};
    patiently()
        .pollInterval(BETWEEN_LOOKS)
        .until(
            () -> {
              jobs.append(EVENTS_PER_LOOK);
              Job job = jobs.room.find(asked.id());
              if (job.state() == JobState.RUNNING && job.attempt() > begun[0]) {
                begun[0] = job.attempt();
                begun[1] = System.nanoTime();
              }
              return job.state().isEnded();
            });
    if (begun[0] > 0) {
      nanos.put(asked.kind(), System.nanoTime() - begun[1]);
    }
  }

  private long wrong(RewritingJobs jobs) {
    long wrong = 0;
    for (int i = 0; i < RewritingJobs.DAYS; i++) {
      DayReport report = day(jobs.harness, RewritingJobs.FROM.plusDays(i), RebuildMode.VERIFY, 0);
      wrong += report.differing() + report.incomplete();
    }
    return wrong;
  }

  @Test
  void jobs_cancelledWhileTheirWorkerIsDead_endAsCancelled() throws Exception {
    try (RewritingJobs jobs = new RewritingJobs(new Random(26));
        Workers workers = new Workers(jobs.harness.database, KINDS.length)) {
      workers.start();
      Asked first = jobs.ask(Kind.CREATE_ROLLUP);
      awaitEnded(jobs, first);
      jobs.check("undisturbed", first);
      List<Asked> all = new ArrayList<>();
      try (Connection holder = withoutCompaction(jobs)) {
        for (Kind kind : KINDS) {
          all.add(jobs.ask(kind));
        }
        patiently().until(() -> locks(jobs.harness, false) == KINDS.length);
        workers.kill(jobs.room.find(all.get(0).id()).worker());
        holder.rollback();
      }
      for (Asked asked : all) {
        Job job = jobs.room.cancel(asked.id());
        assertThat(job.state()).as("%s", job).isEqualTo(JobState.RUNNING);
      }
      workers.start();
      for (Asked asked : all) {
        awaitEnded(jobs, asked);
        Job job = jobs.room.find(asked.id());
        assertThat(job.state()).as("%s", job).isEqualTo(JobState.CANCELLED);
        assertThat(job.attempt()).as("%s", job).isEqualTo(1);
      }
      assertThat(jobs.harness.number("SELECT count(*) FROM voided_events")).isZero();
      assertThat(
              jobs.harness.number(
                  "SELECT count(*) FROM recompute_runs WHERE rollup_id <= 3 AND replaced"))
          .isZero();
      // What was added and not built goes by itself; one is retired, but has left rows, and can be
      // asked for to go.
      String added = created(all).rollup();
      patiently()
          .until(
              () ->
                  jobs.harness.number(
                          "SELECT count(*) FROM jobs WHERE kind = 'retire_rollup' AND state = 'SUCCEEDED'"
                              + " AND spec #>> '{retireRollup,rollup}' = '"
                              + added
                              + "'")
                      == 1);
      assertThat(jobs.left(added)).isZero();
      assertThat(jobs.left(first.rollup())).isPositive();
      String retirement = jobs.room.create(JobRoom.retireRollup(first.rollup()));
      patiently().until(() -> jobs.room.find(retirement).state().isEnded());
      assertThat(jobs.room.find(retirement).state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(jobs.left(first.rollup())).isZero();
      String again = jobs.room.create(JobRoom.retireRollup(first.rollup()));
      patiently().until(() -> jobs.room.find(again).state().isEnded());
      assertThat(jobs.room.find(again).state()).isEqualTo(JobState.FAILED);
    }
  }

  private static Asked created(List<Asked> all) {
    return all.stream()
        .filter(asked -> asked.kind() == Kind.CREATE_ROLLUP)
        .findFirst()
        .orElseThrow();
  }
}
