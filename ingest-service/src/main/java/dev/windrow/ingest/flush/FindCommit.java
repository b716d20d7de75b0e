package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether a transaction was committed whose COMMIT was not answered.
 *
 * <p>Why the answer can be trusted. <em>Committed</em>: the row that the transaction has written is
 * there, and it is that row: number, transaction and time of writing agree. The transaction alone
 * would prove nothing, for a standby that became primary may have given its id to another. <em>Not
 * committed</em>: this server is a primary, so its history grows only by its own transactions; it
 * knows the transaction as neither in progress nor committed, and says so of one that has ended, or
 * that a crash has ended; and the row is not there. What has ended so can no longer appear. All
 * else, such as a session that still waits in the server because its COMMIT has not arrived, is
 * unknown as yet.
 */
final class FindCommit {
  // The row is looked for in a snapshot that may be older than the status: then a transaction that
  // has just committed is neither found nor aborted, and the next look tells.
  private static final String SQL =
      """
      SELECT
        EXISTS (SELECT FROM ingest_batches WHERE tenant_id = $1 AND batch_id = $2
          AND xact_id = $3::text::xid8 AND written_at = $4),
        NOT pg_is_in_recovery() AND pg_xact_status($3::text::xid8) = 'aborted'
      """;

  private FindCommit() {}

  /** What is known of a transaction. */
  enum Fate {
    COMMITTED,
    /** It is not, and never will be. */
    NOT_COMMITTED,
    UNKNOWN
  }

  static Mono<Fate> run(Connection connection, int tenantId, SentCommit sent) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", sent.stamp().batchId())
                .bind("$3", sent.stamp().xactId())
                .bind("$4", sent.stamp().at())
                .execute())
        .flatMap(result -> result.map((row, metadata) -> fate(row)))
        .single();
  }

  private static Fate fate(Row row) {
    if (Objects.requireNonNull(row.get(0, Boolean.class))) {
      return Fate.COMMITTED;
    }
    return Boolean.TRUE.equals(row.get(1, Boolean.class)) ? Fate.NOT_COMMITTED : Fate.UNKNOWN;
  }
}
