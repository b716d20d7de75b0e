package dev.windrow.ingest.accept;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.copy.EventRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of a block, read back. */
public record StoredRow(
    int index,
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double value,
    @Nullable Long amount,
    @Nullable String attributes,
    @Nullable String payload,
    String eventId,
    long contentHash) {

  static List<StoredRow> of(EventBlock block) {
    List<StoredRow> rows = new ArrayList<>();
    EventRow row = new EventRow();
    for (int i = 0; i < block.size(); i++) {
      int position = i;
      row.moveTo(block.rows(), block.start(i));
      long hash =
          block.identified().stream()
              .filter(event -> event.position() == position)
              .mapToLong(EventBlock.IdentifiedEvent::contentHash)
              .findFirst()
              .orElse(0);
      rows.add(
          new StoredRow(
              block.index(i),
              row.occurredAtMicros(),
              row.text(EventRow.SOURCE),
              row.text(EventRow.TYPE),
              row.text(EventRow.ENTITY_ID),
              row.text(EventRow.STATUS),
              row.has(EventRow.VALUE) ? (Double) row.value() : null,
              row.has(EventRow.AMOUNT) ? (Long) row.amount() : null,
              row.has(EventRow.ATTRIBUTES) ? row.text(EventRow.ATTRIBUTES) : null,
              row.has(EventRow.PAYLOAD) ? row.text(EventRow.PAYLOAD) : null,
              row.text(EventRow.EVENT_ID),
              hash));
    }
    return rows;
  }

  /** The bytes of these events, one behind the other. */
  static EncodedEvents encode(List<Event> events) {
    EncodedEvents encoded = new EncodedEvents(new byte[1]);
    events.forEach(event -> encoded.append(event.toByteArray()));
    return encoded;
  }

  /** The bytes of one row. */
  static byte[] bytes(EventBlock block, int position) {
    return Arrays.copyOfRange(block.rows(), block.start(position), block.end(position));
  }
}
