package dev.windrow.ingest.copy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The rows of events. What all rows have is of a fixed size and stands in front, so that a row can
 * be written when its event is accepted, and be told its batch when it is flushed.
 */
public final class CopyEvents {
  public static final String SQL =
      """
      COPY events (tenant_id, occurred_at, batch_id, batch_index, run, source, type, entity_id,
                   status, event_id, value, amount, attributes, payload)
      FROM STDIN (FORMAT binary)
      """;

  private static final int COLUMNS = 14;
  private static final int OCCURRED_AT = 14;
  private static final int BATCH_ID = 26;
  private static final int BATCH_INDEX = 38;
  private static final int RUN = 46;

  /** Where, from the begin of a row, the first of its texts begins. */
  static final int TEXTS = 47;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private CopyEvents() {}

  /**
   * Begins a row; its texts (source, type, entity_id, status, event_id), value, amount, attributes
   * and payload must follow as fields.
   */
  public static void begin(CopyFields row, int tenantId, long occurredAtMicros) {
    row.row(COLUMNS);
    row.integerField(tenantId);
    row.bigintField(occurredAtMicros - CopyFields.EPOCH_MICROS);
    row.bigintField(0);
    row.integerField(0);
    row.booleanField(false);
  }

  /**
   * Completes the row that begins there.
   *
   * @param batchIndex its place among the events of the batch
   * @param run whether it lies in a run: in the order of {@code hashtext(entity_id)}
   */
  public static void complete(byte[] row, int at, long batchId, int batchIndex, boolean run) {
    LONG.set(row, at + BATCH_ID, batchId);
    INT.set(row, at + BATCH_INDEX, batchIndex);
    row[at + RUN] = (byte) (run ? 1 : 0);
  }

  /** When the event of the row that begins there occurred, in microseconds since 1970. */
  public static long occurredAtMicros(byte[] row, int at) {
    return (long) LONG.get(row, at + OCCURRED_AT) + CopyFields.EPOCH_MICROS;
  }
}
