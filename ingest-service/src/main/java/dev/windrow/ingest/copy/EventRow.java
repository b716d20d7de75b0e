package dev.windrow.ingest.copy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A view of one row that {@link CopyEvents} has written: where its fields are. One instance moves
 * from row to row. Lengths are -1 for NULL. Not for several threads.
 */
public final class EventRow {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // The fields behind the fixed ones, in the order of their columns.
  public static final int SOURCE = 0;
  public static final int TYPE = 1;
  public static final int ENTITY_ID = 2;
  public static final int STATUS = 3;
  public static final int EVENT_ID = 4;
  public static final int VALUE = 5;
  public static final int AMOUNT = 6;
  public static final int ATTRIBUTES = 7;
  public static final int PAYLOAD = 8;
  private static final int FIELDS = 9;

  private final int[] starts = new int[FIELDS];
  private final int[] lengths = new int[FIELDS];
  private byte[] bytes = new byte[0];
  private int begin;

  public void moveTo(byte[] row, int at) {
    bytes = row;
    begin = at;
    int next = at + CopyEvents.TEXTS;
    for (int i = 0; i < FIELDS; i++) {
      int length = (int) INT.get(row, next);
      starts[i] = next + 4;
      lengths[i] = length;
      next += 4 + Math.max(0, length);
    }
  }

  /** Where only the entity's id is wanted: its start, without moving there. */
  public static int entityIdStart(byte[] row, int at) {
    int next = at + CopyEvents.TEXTS;
    next += 4 + (int) INT.get(row, next);
    next += 4 + (int) INT.get(row, next);
    return next + 4;
  }

  /** The length of the text that starts there. */
  public static int lengthAt(byte[] row, int start) {
    return (int) INT.get(row, start - 4);
  }

  /** Where the source starts. */
  public static int sourceStart(int at) {
    return at + CopyEvents.TEXTS + 4;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int start(int field) {
    return starts[field];
  }

  public int length(int field) {
    return lengths[field];
  }

  public boolean has(int field) {
    return lengths[field] >= 0;
  }

  /** A text; the empty string for NULL. */
  public String text(int field) {
    return new String(bytes, start(field), Math.max(0, length(field)), StandardCharsets.UTF_8);
  }

  public long occurredAtMicros() {
    return CopyEvents.occurredAtMicros(bytes, begin);
  }

  /** 0 if there is none. */
  public double value() {
    return has(VALUE) ? Double.longBitsToDouble((long) LONG.get(bytes, start(VALUE))) : 0;
  }

  /** 0 if there is none. */
  public long amount() {
    return has(AMOUNT) ? (long) LONG.get(bytes, start(AMOUNT)) : 0;
  }
}
