package dev.windrow.ingest.compaction;

import dev.windrow.ingest.accept.AttributeText;
import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.EventFacts;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the fold needs of an event, read back from the database.
 *
 * @param attributesJson empty when there are none
 */
public record StoredEvent(
    long batchId,
    int batchIndex,
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double optionalValue,
    @Nullable Long optionalAmount,
    String attributesJson)
    implements EventFacts {
  /**
   * The event of a row of batch_id, batch_index, occurred_at, source, type, entity_id, status,
   * value, amount and the text of attributes.
   */
  public static StoredEvent read(Row row) {
    Instant at = required(row, 2, Instant.class);
    return new StoredEvent(
        required(row, 0, Long.class),
        required(row, 1, Integer.class),
        at.getEpochSecond() * 1_000_000 + at.getNano() / 1000,
        required(row, 3, String.class),
        required(row, 4, String.class),
        required(row, 5, String.class),
        required(row, 6, String.class),
        row.get(7, Double.class),
        row.get(8, Long.class),
        Objects.requireNonNullElse(row.get(9, String.class), ""));
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type));
  }

  @Override
  public boolean hasValue() {
    return optionalValue != null;
  }

  @Override
  public double value() {
    return optionalValue == null ? 0 : optionalValue;
  }

  @Override
  public long amount() {
    return optionalAmount == null ? 0 : optionalAmount;
  }

  @Override
  public String attribute(String name) {
    return AttributeText.of(attributesJson, name);
  }

  @Override
  public long entityHash() {
    return EntitySketch.hash(entityId);
  }
}
