package dev.windrow.quickstart.exactness;

import dev.windrow.query.answer.Answer;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.runtime.sql.ReadSession;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** Questions that are asked again, long after, and what is kept of them meanwhile. */
final class AskedAgain {
  private static final int QUESTIONS = 5;
  private static final int EVERY = 4;
  private static final int TIMES = 3;
  private static final long MAX_BYTES = 64 << 20;

  private final SegmentCache cache = SegmentCache.of(MAX_BYTES, 0);
  private final SummaryReader reader = new SummaryReader(ReadLimits.DEFAULT);
  private final List<SummarizeRequest> requests = new ArrayList<>();
  private long keptRows;

  /** Every so many windows one of these, in turn; else a new one. */
  SummarizeRequest orNext(RandomQuestions questions, int window) {
    if (requests.size() < QUESTIONS) {
      requests.add(questions.next());
    }
    return window % EVERY == 0 ? requests.get(window / EVERY % requests.size()) : questions.next();
  }

  /**
   * From what was kept: at first of earlier snapshots, if anything; then what is asked for again is
   * kept, and then it is there.
   */
  Flux<Answer> answers(
      ReadSession session,
      SnapshotFacts facts,
      Question question,
      RollupCatalog catalog,
      StoreStatistics known) {
    PlanChoice choice = Planner.choose(question, catalog, known);
    return Flux.range(0, TIMES)
        .concatMap(time -> cache.read(session, facts, question, choice.chosen(), known, reader))
        .doOnNext(summary -> keptRows += summary.keptRows())
        .map(summary -> Answer.of(question, facts, choice, summary));
  }

  /** How many rows did not have to be read. */
  long keptRows() {
    return keptRows;
  }
}
