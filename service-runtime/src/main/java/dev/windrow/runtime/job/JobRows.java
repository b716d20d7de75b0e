package dev.windrow.runtime.job;

import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads jobs from rows that have all {@link #COLUMNS}, or all {@link #TOLD}. */
final class JobRows {
  private static final String REST =
      """
      , state, attempt, worker, cancel_requested, progress_done, progress_total,
      page_count, created_at, started_at, ended_at, expires_at,
      failure ->> 'code', failure ->> 'reason', failure ->> 'message',
      ARRAY(SELECT m.key FROM jsonb_each_text(failure -> 'metadata') AS m ORDER BY m.key),
      ARRAY(SELECT m.value FROM jsonb_each_text(failure -> 'metadata') AS m ORDER BY m.key)
      """;

  /** In the order that {@link #job} expects. */
  static final String COLUMNS = "job_id, client, kind, spec::text" + REST;

  /**
   * The same for all but the worker: without what callers send by the thousand. A list of jobs
   * would else bring a request's length of it with each.
   */
  static final String TOLD =
      "job_id, client, kind, (spec #- '{compare,rows}' #- '{voidEvents,events}')::text" + REST;

  private static final int FAILURE = 15;

  private JobRows() {}

  static Job job(Row row) {
    return new Job(
        required(row, 0, String.class),
        required(row, 1, String.class),
        required(row, 2, String.class),
        required(row, 3, String.class),
        JobState.valueOf(required(row, 4, String.class)),
        required(row, 5, Integer.class),
        required(row, 6, String.class),
        required(row, 7, Boolean.class),
        required(row, 8, Long.class),
        required(row, 9, Long.class),
        failure(row),
        required(row, 10, Integer.class),
        required(row, 11, Instant.class),
        row.get(12, Instant.class),
        row.get(13, Instant.class),
        row.get(14, Instant.class));
  }

  private static @Nullable JobFailure failure(Row row) {
    String code = row.get(FAILURE, String.class);
    if (code == null) {
      return null;
    }
    String[] keys = required(row, FAILURE + 3, String[].class);
    String[] values = required(row, FAILURE + 4, String[].class);
    Map<String, String> metadata = new TreeMap<>();
    for (int i = 0; i < keys.length; i++) {
      metadata.put(keys[i], values[i]);
    }
    return new JobFailure(
        code,
        required(row, FAILURE + 1, String.class),
        required(row, FAILURE + 2, String.class),
        metadata);
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type));
  }
}
