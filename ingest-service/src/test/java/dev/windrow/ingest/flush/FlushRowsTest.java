package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.accept.AcceptancePolicy;
import dev.windrow.ingest.accept.EventAcceptance;
import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.copy.EventRow;
import dev.windrow.rollup.Grain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlushRowsTest {
  private static final Instant NOW = Instant.parse("2020-06-01T12:00:00Z");
  private static final long DAY = Grain.DAY.floor(NOW.getEpochSecond() * 1_000_000);
  private static final EventAcceptance ACCEPTANCE =
      new EventAcceptance(
          new AcceptancePolicy(
              Duration.ofDays(100), Duration.ofDays(1), Clock.fixed(NOW, ZoneOffset.UTC)),
          1);

  /** What a visit tells. */
  private record Visit(int row, long hour, int hash, String entity) {}

  private static Event event(String entity, String source, long micros) {
    return Event.newBuilder()
        .setOccurredAt(
            Timestamp.newBuilder()
                .setSeconds(micros / 1_000_000)
                .setNanos((int) (micros % 1_000_000) * 1000))
        .setSource(source)
        .setType("t")
        .setEntityId(entity)
        .build();
  }

  private static List<Visit> visits(FlushRows rows, BitSet dropped) {
    List<Visit> visits = new ArrayList<>();
    EventRow view = new EventRow();
    rows.forEach(
        dropped,
        (row, bytes, start, length) -> {
          view.moveTo(bytes, start);
          int entity = view.start(EventRow.ENTITY_ID);
          visits.add(
              new Visit(
                  row,
                  Grain.HOUR.floor(CopyEvents.occurredAtMicros(bytes, start)),
                  HashText.of(bytes, entity, view.length(EventRow.ENTITY_ID)),
                  view.text(EventRow.ENTITY_ID)));
        });
    return visits;
  }

  @Test
  void forEach_visitsEveryRowOnce_byHourThenByHash() {
    Random random = new Random(7);
    FlushRows rows = new FlushRows(new Terms());
    for (int flush = 0; flush < 5; flush++) {
      List<EventBlock> blocks = new ArrayList<>();
      List<Event> all = new ArrayList<>();
      for (int block = 0; block < 4; block++) {
        List<Event> events = new ArrayList<>();
        for (int i = random.nextInt(500); i >= 0; i--) {
          long hours = random.nextInt(30);
          events.add(
              event(
                  "entity-" + random.nextInt(50),
                  "s" + random.nextInt(3),
                  DAY - hours * Grain.HOUR.micros() + random.nextInt(1_000_000_000)));
        }
        all.addAll(events);
        blocks.add(TestBlocks.accepted(ACCEPTANCE, events));
      }
      rows.load(blocks);
      BitSet dropped = new BitSet();
      for (int i = 0; i < all.size(); i++) {
        dropped.set(i, random.nextInt(10) == 0);
      }

      List<Visit> visits = visits(rows, dropped);

      assertThat(visits).extracting(Visit::row).doesNotHaveDuplicates();
      assertThat(visits).hasSize(all.size() - dropped.cardinality());
      assertThat(visits)
          .allMatch(
              visit ->
                  !dropped.get(visit.row())
                      && visit.entity().equals(all.get(visit.row()).getEntityId()));
      // The last bits of a hash do not count.
      assertThat(visits)
          .isSortedAccordingTo(
              (a, b) ->
                  a.hour() != b.hour()
                      ? Long.compare(a.hour(), b.hour())
                      : Integer.compare(a.hash() >> 4, b.hash() >> 4));
      assertThat(rows.sourceNames()).isSubsetOf("s0", "s1", "s2");
      assertThat(rows.hours().values().stream().mapToInt(HourLoad::events).sum())
          .isEqualTo(all.size());
    }
  }

  @Test
  void days_withEnoughRows_areThoseOfRuns() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      events.add(event("e" + i, "s", DAY + i));
    }
    events.add(event("late", "s", DAY - 1));
    FlushRows rows = new FlushRows(new Terms());

    rows.load(List.of(TestBlocks.accepted(ACCEPTANCE, events)));

    long day = DAY / Grain.DAY.micros();
    assertThat(rows.days()).containsExactlyInAnyOrder(day, day - 1);
    assertThat(rows.days(10)).containsExactly(day);
    assertThat(rows.days(11)).isEmpty();
  }
}
