package dev.windrow.ingest.retention;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Days that stay because a rollup does not say what their events say. To find that out reads all of
 * the day, so it is done again after twice as many rounds each time. For one thread at a time.
 */
final class HeldDays {
  private static final int MOST_ROUNDS = 64;

  private static final class Held {
    private List<Drift> drifts = List.of();
    private int wait = 1;
    private int left;
  }

  private final Map<LocalDate, Held> days = new HashMap<>();

  /** Whether a day is to be looked at in this round; to be asked once a round. */
  boolean isTime(LocalDate day) {
    Held held = days.get(day);
    return held == null || --held.left < 0;
  }

  /** Notes what was found; whether it is something else than before. */
  boolean note(LocalDate day, DayVerdict verdict) {
    if (verdict.drifts().isEmpty()) {
      days.remove(day);
      return false;
    }
    Held held = days.computeIfAbsent(day, first -> new Held());
    boolean news = !held.drifts.equals(verdict.drifts());
    held.wait = news ? 1 : Math.min(2 * held.wait, MOST_ROUNDS);
    held.left = held.wait;
    held.drifts = verdict.drifts();
    return news;
  }
}
