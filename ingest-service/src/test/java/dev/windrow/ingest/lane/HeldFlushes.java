package dev.windrow.ingest.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Flushes that end when told to. */
final class HeldFlushes implements Function<List<PendingAppend>, Mono<List<AppendOutcome>>> {
  final List<List<PendingAppend>> begun = new ArrayList<>();
  private Sinks.One<List<AppendOutcome>> open = Sinks.one();

  @Override
  public Mono<List<AppendOutcome>> apply(List<PendingAppend> requests) {
    begun.add(List.copyOf(requests));
    open = Sinks.one();
    return open.asMono();
  }

  int last() {
    return begun.get(begun.size() - 1).size();
  }

  /** Ends the flush under way; each outcome's sequence is its place in the flush. */
  void end() {
    List<AppendOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < last(); i++) {
      outcomes.add(stored(i));
    }
    open.tryEmitValue(outcomes).orThrow();
  }

  static AppendOutcome stored(long sequence) {
    return new AppendOutcome.Durable(1, 0, List.of(), false, sequence, "");
  }
}
