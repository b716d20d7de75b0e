package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every request in a world of its own, one after the other: what flushes must agree with. */
final class OneByOne {
  final Map<String, Position> ledger = new TreeMap<>();
  final Map<EventKey, Long> ids = new HashMap<>();
  final Map<RequestKey, String> results = new HashMap<>();
  int stored;

  String tell(PendingAppend request) {
    Producer producer = request.producer();
    if (producer == null) {
      String told = events(request);
      return told.startsWith("BATCH") ? told : "STORED " + told + " AT 0";
    }
    Position at = ledger.getOrDefault(producer.id(), new Position(0, 0));
    if (producer.epoch() < at.epoch()) {
      return "PRODUCER_FENCED " + at.epoch();
    }
    if (producer.sequence() > at.lastSequence() + 1) {
      return "SEQUENCE_GAP " + (at.lastSequence() + 1);
    }
    RequestKey key = new RequestKey(producer.id(), producer.sequence());
    if (producer.isClaim() || producer.sequence() <= at.lastSequence()) {
      ledger.put(producer.id(), new Position(producer.epoch(), at.lastSequence()));
      return (producer.isClaim()
              ? "STORED 0"
              : "REPEATED " + results.getOrDefault(key, "" + request.events()))
          + " AT "
          + at.lastSequence();
    }
    String told = events(request);
    if (told.startsWith("BATCH")) {
      return told;
    }
    if (told.contains(" ")) {
      results.put(key, told);
    }
    ledger.put(producer.id(), new Position(producer.epoch(), producer.sequence()));
    return "STORED " + told + " AT " + producer.sequence();
  }

  private String events(PendingAppend request) {
    int fresh = 0;
    int dropped = 0;
    List<Integer> refused = new ArrayList<>();
    request.batch().rejected().stream().map(RejectedEvent::index).forEach(refused::add);
    EventBlock block = request.batch().accepted();
    Map<Integer, IdentifiedEvent> identified =
        block.identified().stream()
            .collect(Collectors.toMap(IdentifiedEvent::position, event -> event));
    Map<EventKey, Long> claimed = new HashMap<>(ids);
    for (int i = 0; i < block.size(); i++) {
      IdentifiedEvent event = identified.get(i);
      Long before =
          event == null
              ? null
              : claimed.putIfAbsent(
                  new EventKey(event.source(), event.eventId()), event.contentHash());
      if (before == null) {
        fresh++;
      } else if (event != null && before == event.contentHash()) {
        dropped++;
      } else {
        refused.add(block.index(i));
      }
    }
    if (request.allOrNothing() && !refused.isEmpty()) {
      return "BATCH_REJECTED";
    }
    ids.putAll(claimed);
    stored += fresh;
    return FlushTexts.counts(fresh, dropped, refused.stream().sorted().toList());
  }
}
