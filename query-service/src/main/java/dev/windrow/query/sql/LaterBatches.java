package dev.windrow.query.sql;

/**
 * The batches that an earlier snapshot did not see, as conditions. They are found by the
 * transaction that wrote them: numbers of batches are handed out before commit and tell nothing.
 */
public final class LaterBatches {
  private static final String UNSEEN =
      "NOT pg_visible_in_snapshot(batch.xact_id, %1$s::text::pg_snapshot)";

  // The first condition says less than the second; an index knows it.
  private static final String LATER =
      "batch.xact_id >= pg_snapshot_xmin(%1$s::text::pg_snapshot) AND " + UNSEEN;

  private static final String NONE =
      """
      NOT EXISTS (
        SELECT FROM ingest_batches batch
        WHERE batch.tenant_id = %1$s AND batch.batch_id = %2$s.batch_id
          AND %3$s)\
      """;

  private LaterBatches() {}

  /**
   * Holds for a later {@code batch}.
   *
   * @param snapshot the parameter of the earlier one's text
   */
  public static String later(String snapshot) {
    return LATER.formatted(snapshot);
  }

  /**
   * Likewise, for a {@code batch} that is looked up by its number: nothing tempts PostgreSQL to go
   * through all later ones instead.
   */
  public static String unseen(String snapshot) {
    return UNSEEN.formatted(snapshot);
  }

  /**
   * Holds for an event that the snapshot saw.
   *
   * @param events what the statement calls {@code events}
   * @param tenant the parameter of the tenant
   * @param snapshot the earlier one, as PostgreSQL writes it
   */
  public static String none(String events, String tenant, String snapshot, Parameters parameters) {
    return NONE.formatted(tenant, events, unseen(parameters.add(snapshot)));
  }
}
