package dev.windrow.ingest.unfolded;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes the notes of batches back whose rows, deltas or buckets, are written in the same
 * transaction. Each must be there: if somebody else has folded a batch meanwhile, its rows exist
 * already.
 */
public final class TakeBackNotes {
  private static final String SQL =
      """
      DELETE FROM unfolded_batches AS u
      USING unnest($2::integer[], $3::bigint[]) AS folded (rollup_id, batch_id)
      WHERE u.tenant_id = $1 AND u.rollup_id = folded.rollup_id AND u.batch_id = folded.batch_id
      """;

  private TakeBackNotes() {}

  /** Somebody else has folded a batch; what was carried is void. */
  public static final class FoldedElsewhereException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FoldedElsewhereException(long found, int wanted) {
      super("notes of unfolded batches: must all be there, got " + found + " of " + wanted);
    }
  }

  /**
   * Takes back.
   *
   * @param folded batches by rollup
   * @return a {@link FoldedElsewhereException} if one of the notes is not there
   */
  public static Mono<Void> run(
      Connection connection, int tenantId, Map<Integer, List<Long>> folded) {
    if (folded.isEmpty()) {
      return Mono.empty();
    }
    List<Integer> rollups = new ArrayList<>();
    List<Long> batches = new ArrayList<>();
    folded.forEach(
        (rollup, ids) ->
            ids.forEach(
                id -> {
                  rollups.add(rollup);
                  batches.add(id);
                }));
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", rollups.toArray(new Integer[0]))
                .bind("$3", batches.toArray(new Long[0]))
                .execute())
        .flatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum)
        .flatMap(
            found ->
                found == batches.size()
                    ? Mono.empty()
                    : Mono.error(new FoldedElsewhereException(found, batches.size())));
  }
}
