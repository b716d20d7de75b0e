package dev.windrow.query.watch;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A database whose answers the test gives, one after the other. */
final class FakeReads implements Reads<String> {
  final Queue<Sinks.One<WatchedAnswer<String>>> answers = new ConcurrentLinkedQueue<>();
  final Queue<Sinks.One<Changes>> looks = new ConcurrentLinkedQueue<>();
  final Queue<Sinks.One<Boolean>> resumptions = new ConcurrentLinkedQueue<>();
  final List<String> asked = new CopyOnWriteArrayList<>();

  @Override
  public Mono<WatchedAnswer<String>> answer(WatchedQuestion question) {
    asked.add("answer");
    return next(answers);
  }

  @Override
  public boolean sameRows(String one, String other) {
    return one.equals(other);
  }

  @Override
  public Mono<Boolean> changedSince(WatchedQuestion question, String position) {
    asked.add("since " + position);
    return next(resumptions);
  }

  @Override
  public Mono<Changes> changes(@Nullable AsOf since, Duration timeLimit) {
    return next(looks);
  }

  private static <T> Mono<T> next(Queue<Sinks.One<T>> queue) {
    Sinks.One<T> sink = Sinks.one();
    queue.add(sink);
    return sink.asMono();
  }
}
