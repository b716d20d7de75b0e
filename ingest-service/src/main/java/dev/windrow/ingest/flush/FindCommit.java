package dev.windrow.ingest.flush;

import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether a transaction was committed whose COMMIT was not answered.
 *
 * <p>Why the answer can be trusted. <em>Committed</em>: the row that the transaction has written is
 * there, and it is that row: number, transaction and time of writing agree. The transaction alone
 * would prove nothing, for after a crash, or on a standby that became primary, its number may be
 * another's. <em>Not committed</em>: this server is a primary, so its history grows only by its own
 * transactions; the number was aborted, committed or not even given in it; and a snapshot that was
 * taken after that was known does not see the row. Then the transaction has ended, or its number is
 * another's, or a crash has forgotten it; it can no longer appear. All else, such as a session that
 * still waits in the server because its COMMIT has not arrived, is unknown as yet.
 */
final class FindCommit {
  private static final String STATUS = "SELECT pg_xact_status($1::text::xid8)";

  private static final String ROW =
      """
      SELECT
        EXISTS (SELECT FROM ingest_batches WHERE tenant_id = $1 AND batch_id = $2
          AND xact_id = $3::text::xid8 AND written_at = $4),
        NOT pg_is_in_recovery()
      """;

  // What the status of a number is that was not given yet. A crash forgets those of transactions
  // that left nothing in the log.
  private static final String IN_THE_FUTURE = "22023";

  private static final Set<String> ENDED = Set.of("aborted", "committed");

  private FindCommit() {}

  /** What is known of a transaction. */
  enum Fate {
    COMMITTED,
    /** It is not, and never will be. */
    NOT_COMMITTED,
    UNKNOWN
  }

  static Mono<Fate> run(Connection connection, int tenantId, SentCommit sent) {
    return hasEnded(connection, sent).flatMap(ended -> fate(connection, tenantId, sent, ended));
  }

  /** Whether no transaction of that number is under way on this server; unless it is too old. */
  private static Mono<Boolean> hasEnded(Connection connection, SentCommit sent) {
    return Flux.from(connection.createStatement(STATUS).bind("$1", sent.stamp().xactId()).execute())
        .flatMap(result -> result.map((row, metadata) -> ENDED.contains(status(row))))
        .single()
        .onErrorResume(
            error -> IN_THE_FUTURE.equals(SqlFailures.sqlState(error)), error -> Mono.just(true));
  }

  private static String status(Row row) {
    return Objects.requireNonNullElse(row.get(0, String.class), "");
  }

  private static Mono<Fate> fate(
      Connection connection, int tenantId, SentCommit sent, boolean ended) {
    return Flux.from(
            connection
                .createStatement(ROW)
                .bind("$1", tenantId)
                .bind("$2", sent.stamp().batchId())
                .bind("$3", sent.stamp().xactId())
                .bind("$4", sent.stamp().at())
                .execute())
        .flatMap(result -> result.map((row, metadata) -> fate(row, ended)))
        .single();
  }

  private static Fate fate(Row row, boolean ended) {
    if (Boolean.TRUE.equals(row.get(0, Boolean.class))) {
      return Fate.COMMITTED;
    }
    boolean primary = Boolean.TRUE.equals(row.get(1, Boolean.class));
    return primary && ended ? Fate.NOT_COMMITTED : Fate.UNKNOWN;
  }
}
