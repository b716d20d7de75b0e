package dev.windrow.query.asof;

import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Completeness;
import dev.windrow.query.worth.Position;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.ReadSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * What an answer as of a position is worth. Nothing is said of how fresh or complete it is: what
 * has been written and declared since may be about events that it leaves out.
 */
public final class PastAssessment {
  // Trailers of a call must stay small, and a snapshot names all transactions under way.
  private static final int MAX_TEXT = 500;

  private PastAssessment() {}

  /** Begins a snapshot; FAILED_PRECONDITION if it cannot be what the position was. */
  public static Mono<Assessment> of(
      ReadSession session, String tenant, Position.OfSnapshot position, Duration statementTimeout) {
    if (!position.isWhole()) {
      return Mono.error(notWhole(position).toException());
    }
    return SelectSnapshot.read(session, tenant, statementTimeout)
        .flatMap(
            facts ->
                position.isReached(facts)
                    ? Mono.just(new Assessment(facts.asOf(position.text()), Completeness.UNKNOWN))
                    : Mono.error(notReached(position, facts).toException()));
  }

  private static Failure notWhole(Position.OfSnapshot position) {
    return Failure.of(
        Status.Code.FAILED_PRECONDITION,
        "POSITION_NOT_WHOLE",
        "position: must name what was under way, which a standby cannot tell; ask a primary anew, got "
            + cut(position.text()),
        Map.of("required_position", cut(position.text())));
  }

  private static Failure notReached(Position.OfSnapshot position, SnapshotFacts facts) {
    String wanted = cut(position.text());
    String found = cut(facts.position());
    return Failure.of(
        Status.Code.FAILED_PRECONDITION,
        "POSITION_NOT_REACHED",
        "position: must not be ahead of this database, which is at "
            + found
            + "; ask again later, or without it, got "
            + wanted,
        Map.of("required_position", wanted, "position", found));
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }
}
