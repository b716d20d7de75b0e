package dev.windrow.ingest.accept;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.copy.CopyFields;
import java.util.ArrayList;
import java.util.List;

/** Blocks for the tests of what comes behind acceptance. */
public final class TestBlocks {
  private TestBlocks() {}

  /**
   * An event of a block.
   *
   * @param eventId empty for none
   * @param contentHash ignored without an id
   */
  public record TestEvent(
      int index, long occurredAtMicros, String source, String eventId, long contentHash) {}

  public static EventBlock of(List<TestEvent> events) {
    CopyFields rows = new CopyFields(16);
    int[] starts = new int[events.size() + 1];
    List<IdentifiedEvent> identified = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      TestEvent event = events.get(i);
      new AcceptedEvent(
              event.occurredAtMicros(),
              event.source(),
              "t",
              "e",
              "",
              null,
              null,
              "",
              "",
              event.eventId())
          .appendTo(rows, 1);
      starts[i + 1] = rows.length();
      if (!event.eventId().isEmpty()) {
        identified.add(
            new IdentifiedEvent(i, event.source(), event.eventId(), event.contentHash()));
      }
    }
    return new EventBlock(
        rows.bytes(), starts, events.stream().mapToInt(TestEvent::index).toArray(), identified);
  }

  /** What acceptance makes of these, which it must take. */
  public static EventBlock accepted(EventAcceptance acceptance, List<Event> events) {
    try {
      AcceptedBatch batch = acceptance.accept(StoredRow.encode(events));
      if (!batch.rejected().isEmpty()) {
        throw new IllegalArgumentException(batch.rejected().toString());
      }
      return batch.accepted();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
