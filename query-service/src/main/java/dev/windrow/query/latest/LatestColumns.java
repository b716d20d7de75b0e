package dev.windrow.query.latest;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.TimeRange;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the statements of this package have in common. PostgreSQL has no greatest of bytes, but of
 * texts: the bytes of {@link LatestEvent} are compared in hexadecimal.
 */
final class LatestColumns {
  /** Of an event the bytes of its {@link LatestEvent}: 3 times 2^59 are version and offset. */
  static final String OF_EVENT =
      """
      int8send((3::bigint << 59) + (extract(epoch FROM occurred_at) * 1000000)::bigint)
        || substr(int8send(batch_id), 3)
        || substr(int4send(2 * batch_index + (value IS NOT NULL)::integer), 2)
        || coalesce(float8send(value), '') || convert_to(status, 'UTF8')\
      """;

  // Batches that the first page's snapshot did not see, of those that this one sees.
  private static final String UNSEEN =
      """
      SELECT %s FROM ingest_batches
      WHERE tenant_id = %s AND xact_id >= pg_snapshot_xmin(%s::text::pg_snapshot)
        AND NOT pg_visible_in_snapshot(xact_id, %s::text::pg_snapshot)\
      """;

  private LatestColumns() {}

  /** The greatest of these bytes, in hexadecimal. */
  static String greatest(String bytes) {
    return "max(encode(" + bytes + ", 'hex') COLLATE \"C\")";
  }

  /**
   * A condition on {@code type} and {@code entity_id}: what comes after a pair, if there is one.
   */
  static String after(Optional<LatestPageToken> token, String type, Parameters parameters) {
    return after(token, type, "entity_id", parameters);
  }

  /** Likewise, of other expressions. */
  static String after(
      Optional<LatestPageToken> token, String type, String entityId, Parameters parameters) {
    return token
        .map(
            place ->
                "(%s COLLATE \"C\", %s COLLATE \"C\") > (%s::text, %s::text)"
                    .formatted(
                        type,
                        entityId,
                        parameters.add(place.last().type()),
                        parameters.add(place.last().entityId())))
        .orElse("true");
  }

  /** A condition on {@code batch_id}: that the first page's snapshot saw the batch. */
  static String seenEvent(Optional<LatestPageToken> token, String tenant, Parameters parameters) {
    return token
        .map(place -> "batch_id NOT IN (" + unseen("batch_id", place, tenant, parameters) + ")")
        .orElse("true");
  }

  /** A condition on {@code latest}, which has bytes: likewise. */
  static String seenLatest(Optional<LatestPageToken> token, String tenant, Parameters parameters) {
    String batch = "substr(int8send(batch_id), 3)";
    return token
        .map(
            place ->
                "substr(latest, 9, 6) NOT IN (" + unseen(batch, place, tenant, parameters) + ")")
        .orElse("true");
  }

  private static String unseen(
      String batch, LatestPageToken token, String tenant, Parameters parameters) {
    String snapshot = parameters.add(token.snapshot());
    return UNSEEN.formatted(batch, tenant, snapshot, snapshot);
  }

  /** The pair in the first two columns. */
  static Pair pair(Row row) {
    return new Pair(required(row, 0, String.class), required(row, 1, String.class));
  }

  static @Nullable LatestEvent event(Row row, int index) {
    String hex = row.get(index, String.class);
    return hex == null ? null : LatestEvent.fromBytes(HexFormat.of().parseHex(hex));
  }

  /** A range of two columns, the first of which may be null; empty then. */
  static Optional<TimeRange> range(Row row, int index) {
    OffsetDateTime from = row.get(index, OffsetDateTime.class);
    return from == null
        ? Optional.empty()
        : Optional.of(
            new TimeRange(
                Micros.of(from), Micros.of(required(row, index + 1, OffsetDateTime.class))));
  }

  static long number(Row row, int index) {
    return required(row, index, Long.class);
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type));
  }
}
