package dev.windrow.query.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.Dimension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
  private static final Duration TTL = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong();
  private final AnswerCache cache = new AnswerCache(100_000, nanos::get);
  private final ReportRun run = ReportAnswers.run(1, TTL);
  private final ReportAnswer answer = ReportAnswers.answer(run);

  @Test
  void answer_isFoundByEqualRuns_untilItsTimeIsOver() {
    cache.keep(answer, cache.now());
    pass(Duration.ofSeconds(10).minusNanos(1));
    assertThat(find(ReportAnswers.run(1, TTL), Requirements.NONE)).contains(answer);
    assertThat(find(ReportAnswers.run(2, TTL), Requirements.NONE)).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(find(run, Requirements.NONE)).isEmpty();
  }

  @Test
  void timeOfReading_counts() {
    long begun = cache.now();
    pass(Duration.ofSeconds(4));
    cache.keep(answer, begun);
    pass(Duration.ofSeconds(6));
    assertThat(find(run, Requirements.NONE)).isEmpty();
  }

  @Test
  void answer_ofZeroTtl_isNotKept() {
    ReportRun fresh = ReportAnswers.run(1, Duration.ZERO);
    cache.keep(ReportAnswers.answer(fresh), cache.now());
    assertThat(find(fresh, Requirements.NONE)).isEmpty();
  }

  @Test
  void olderReading_thatEndsLater_doesNotReplaceANewerOne() {
    long begun = cache.now();
    pass(Duration.ofSeconds(1));
    ReportAnswer newer = ReportAnswers.answer(run, "20:20:", false, 1);
    cache.keep(newer, cache.now());
    cache.keep(answer, begun);
    assertThat(find(run, Requirements.NONE)).contains(newer);
    cache.keep(answer, cache.now());
    assertThat(find(run, Requirements.NONE)).contains(answer);
  }

  @Test
  void memory_isBounded() {
    IntStream.rangeClosed(1, 1_000)
        .forEach(
            limit -> cache.keep(ReportAnswers.answer(ReportAnswers.run(limit, TTL)), cache.now()));
    long kept =
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(limit -> find(ReportAnswers.run(limit, TTL), Requirements.NONE))
            .flatMap(Optional::stream)
            .mapToLong(ReportAnswer::weight)
            .sum();
    assertThat(kept).isBetween(1L, 100_000L);
  }

  @Test
  void whatCallersFilterBy_countsAsMemory() {
    Filter byStatus =
        new Filter.And(
            List.of(
                new Filter.Not(
                    new Filter.Comparison(Dimension.STATUS, false, List.of("x".repeat(60_000))))));
    ReportRun large = ReportAnswers.run(1, TTL, byStatus);
    assertThat(ReportAnswers.answer(large).weight()).isGreaterThan(120_000);
    cache.keep(ReportAnswers.answer(large), cache.now());
    assertThat(find(large, Requirements.NONE)).isEmpty();
  }

  @Test
  void cacheOfNoBytes_keepsNothing() {
    AnswerCache none = new AnswerCache(0, nanos::get);
    none.keep(answer, none.now());
    assertThat(none.find(run, Requirements.NONE)).isEmpty();
  }

  @Test
  void staleness_growsWithTheAnswersAge() {
    cache.keep(answer, cache.now());
    Requirements required =
        new Requirements(OptionalLong.of(15_000_000), 0, false, false, Optional.empty());
    pass(Duration.ofSeconds(5));
    assertThat(find(run, required)).isPresent();
    pass(Duration.ofNanos(1_000));
    assertThat(find(run, required)).isEmpty();
    assertThat(find(run, Requirements.NONE)).isPresent();
  }

  @Test
  void position_isMetByWhatCoversIt_andThatOfABatchByNothing() {
    cache.keep(answer, cache.now());
    assertThat(find(run, position("9:9:"))).isPresent();
    assertThat(find(run, position("10:10:"))).isPresent();
    assertThat(find(run, position("10:11:"))).isEmpty();
    // It may have been asked about another one.
    assertThat(find(run, position("7"))).isEmpty();
  }

  @Test
  void exactnessAndCoverage_areThoseOfTheAnswer() {
    cache.keep(ReportAnswers.answer(run, "10:10:", true, 0.5), cache.now());
    assertThat(find(run, new Requirements(OptionalLong.empty(), 0, true, false, Optional.empty())))
        .isEmpty();
    assertThat(
            find(run, new Requirements(OptionalLong.empty(), 0.5, false, false, Optional.empty())))
        .isPresent();
    assertThat(
            find(run, new Requirements(OptionalLong.empty(), 0.6, false, false, Optional.empty())))
        .isEmpty();
  }

  private static Requirements position(String text) {
    Position position =
        Position.BATCH.matcher(text).matches()
            ? new Position.OfBatch(Long.parseLong(text))
            : new Position.OfSnapshot(text);
    return new Requirements(OptionalLong.empty(), 0, false, false, Optional.of(position));
  }

  private Optional<ReportAnswer> find(ReportRun wanted, Requirements required) {
    return cache.find(wanted, required);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
