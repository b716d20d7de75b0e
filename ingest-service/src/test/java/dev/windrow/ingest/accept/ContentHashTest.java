package dev.windrow.ingest.accept;

import static dev.windrow.ingest.accept.TestAcceptance.accepted;
import static dev.windrow.ingest.accept.TestAcceptance.event;
import static dev.windrow.ingest.accept.TestAcceptance.number;
import static dev.windrow.ingest.accept.TestAcceptance.struct;
import static dev.windrow.ingest.accept.TestAcceptance.text;
import static dev.windrow.ingest.accept.TestAcceptance.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.windrow.event.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ContentHashTest {
  private static long hash(Event.Builder event) {
    return accepted(event).contentHash();
  }

  @Test
  void ofEqualContentInAnotherOrder_isEqual() {
    Event.Builder other =
        event()
            .clearAttributes()
            .putAttributes("zone", "b")
            .putAttributes("region", "eu")
            .setPayload(struct("b", number(2), "a", text("x")));

    assertThat(hash(other)).isEqualTo(hash(event()));
  }

  @Test
  void ofNestedContentInAnotherOrder_isEqual() {
    Struct one = struct("n", structValue("a", "b"), "m", text(""));
    Struct two = struct("m", text(""), "n", structValue("b", "a"));

    assertThat(hash(event().setPayload(one))).isEqualTo(hash(event().setPayload(two)));
  }

  private static Value structValue(String first, String second) {
    return Value.newBuilder()
        .setStructValue(struct(first, text(first), second, text(second)))
        .build();
  }

  @Test
  void ofAnotherSourceOrId_isEqual_forTheyAreTheKey() {
    assertThat(hash(event().setSource("other").setEventId("other"))).isEqualTo(hash(event()));
  }

  @Test
  void afterAnyChange_isAnother() {
    List<Consumer<Event.Builder>> changes =
        List.of(
            e -> e.setOccurredAt(time("2020-06-01T11:00:00.123457Z")),
            e -> e.setType("typf"),
            e -> e.setEntityId("entitz"),
            e -> e.setStatus("ko"),
            e -> e.setType("typ").setEntityId("eentity"),
            e -> e.setValue(Math.nextUp(1.5)),
            e -> e.setValue(0),
            Event.Builder::clearValue,
            e -> e.setAmount(-8),
            e -> e.setAmount(0),
            Event.Builder::clearAmount,
            e -> e.putAttributes("region", "us"),
            e -> e.removeAttributes("region"),
            e -> e.putAttributes("more", ""),
            Event.Builder::clearAttributes,
            e -> e.setPayload(struct("a", text("x"), "b", number(3))),
            e -> e.setPayload(struct("a", text("x"), "b", text("2"))),
            e -> e.setPayload(Struct.getDefaultInstance()),
            Event.Builder::clearPayload);
    List<Long> hashes = new ArrayList<>();
    hashes.add(hash(event()));

    for (var change : changes) {
      Event.Builder changed = event();
      change.accept(changed);
      hashes.add(hash(changed));
    }

    assertThat(hashes).doesNotHaveDuplicates().hasSize(changes.size() + 1);
  }

  // Hashes are stored: if these values change, every repeat of an old event becomes a mismatch.
  @Test
  void ofFixedEvents_neverChanges() {
    Event.Builder bare =
        Event.newBuilder()
            .setOccurredAt(time("2020-06-01T11:00:00Z"))
            .setSource("s")
            .setType("t")
            .setEntityId("e")
            .setEventId("i");

    assertThat(hash(event())).isEqualTo(-3398465202349215577L);
    assertThat(hash(bare)).isEqualTo(1960902095848772731L);
  }
}
