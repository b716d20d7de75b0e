package dev.windrow.ingest.recompute;

import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.EventFacts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Many events, as PostgreSQL's {@code record_send} writes rows of batch_id, batch_index,
 * occurred_at, source, type, entity_id, status, value, amount and attributes: a cursor, which is
 * before the first one at first. For one thread.
 *
 * <p>Source: PostgreSQL, rowtypes.c.
 */
final class PackedEvents implements EventFacts {
  // PostgreSQL counts from 2000-01-01.
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private static final int BATCH_ID = 0;
  private static final int BATCH_INDEX = 1;
  private static final int OCCURRED_AT = 2;
  private static final int SOURCE = 3;
  private static final int TYPE = 4;
  private static final int ENTITY_ID = 5;
  private static final int STATUS = 6;
  private static final int VALUE = 7;
  private static final int AMOUNT = 8;
  private static final int FIRST_ATTRIBUTE = 9;

  private final ByteBuffer in;
  private final List<String> attributes;
  // Where the columns of the event begin, and how long they are; a NULL is -1 long.
  private final int[] begins;
  private final int[] lengths;

  /**
   * @param records any number of them
   * @param attributes the names of those that follow the columns
   */
  PackedEvents(byte[] records, List<String> attributes) {
    this.in = ByteBuffer.wrap(records);
    this.attributes = attributes;
    this.begins = new int[FIRST_ATTRIBUTE + attributes.size()];
    this.lengths = new int[begins.length];
  }

  /** Moves on to the next event; false if there is none. */
  boolean next() {
    if (!in.hasRemaining()) {
      return false;
    }
    int columns = in.getInt();
    if (columns != begins.length) {
      throw new IllegalStateException(
          "record: must have " + begins.length + " columns, got " + columns);
    }
    for (int i = 0; i < columns; i++) {
      in.getInt();
      int length = in.getInt();
      begins[i] = in.position();
      lengths[i] = length;
      in.position(in.position() + Math.max(length, 0));
    }
    return true;
  }

  @Override
  public long occurredAtMicros() {
    return in.getLong(begins[OCCURRED_AT]) + EPOCH_MICROS;
  }

  @Override
  public long batchId() {
    return in.getLong(begins[BATCH_ID]);
  }

  @Override
  public int batchIndex() {
    return in.getInt(begins[BATCH_INDEX]);
  }

  @Override
  public String source() {
    return text(SOURCE);
  }

  @Override
  public String type() {
    return text(TYPE);
  }

  @Override
  public String entityId() {
    return text(ENTITY_ID);
  }

  @Override
  public String status() {
    return text(STATUS);
  }

  @Override
  public boolean hasValue() {
    return lengths[VALUE] >= 0;
  }

  @Override
  public double value() {
    return hasValue() ? in.getDouble(begins[VALUE]) : 0;
  }

  @Override
  public long amount() {
    return lengths[AMOUNT] >= 0 ? in.getLong(begins[AMOUNT]) : 0;
  }

  @Override
  public String attribute(String name) {
    int index = attributes.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "attribute: must be one of " + attributes + ", got " + name);
    }
    return text(FIRST_ATTRIBUTE + index);
  }

  @Override
  public long entityHash() {
    return EntitySketch.hash(entityId());
  }

  private String text(int column) {
    return lengths[column] < 0
        ? ""
        : new String(in.array(), begins[column], lengths[column], StandardCharsets.UTF_8);
  }
}
