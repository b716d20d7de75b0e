package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.watch.WatchedQuestion;
import dev.windrow.query.worth.SnapshotText;
import java.time.Duration;
import java.util.Optional;

/** Reads what is to be watched, and how; what is wrong with it is an error that names the field. */
final class WatchRequests {
  private static final double DEFAULT_RATE = 1;
  private static final double LEAST_RATE = 0.001;
  private static final double MOST_RATE = 10;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private WatchRequests() {}

  static WatchTerms terms(WatchSummaryRequest request) {
    return new WatchTerms(
        pace(request.getMaxPushesPerSecond()), resumePosition(request.getResumePosition()));
  }

  static WatchedQuestion question(WatchSummaryRequest request, MetricCatalog catalog) {
    SummarizeRequest question = request.getQuestion();
    requireNow("question.position", question.getPosition());
    requireNow("question.page_token", question.getPageToken());
    SummaryCalls.checkNow(question);
    Question asked = Questions.of(question, catalog);
    return new WatchedQuestion(
        asked, Questions.compared(question, asked), RequirementFields.of(question.getRequire()));
  }

  private static void requireNow(String field, String value) {
    if (!value.isEmpty()) {
      throw invalid(field, "must be empty: a watch tells the first rows of what is now");
    }
  }

  private static Duration pace(double rate) {
    double meant = rate == 0 ? DEFAULT_RATE : Math.min(rate, MOST_RATE);
    // Written so that NaN is refused.
    if (!(meant >= LEAST_RATE)) {
      throw invalid(
          "max_pushes_per_second", "must be 0 or at least " + LEAST_RATE + ", got " + rate);
    }
    return Duration.ofNanos((long) (NANOS_PER_SECOND / meant));
  }

  private static Optional<String> resumePosition(String text) {
    try {
      if (!text.isEmpty()) {
        SnapshotText.parse(text);
      }
    } catch (IllegalArgumentException e) {
      throw invalid("resume_position", "must be a position that a watch or an answer has told");
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
