package dev.windrow.query.watch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told. */
final class TestWatcher implements Watcher<String> {
  final List<String> told = new CopyOnWriteArrayList<>();
  private final String resumePosition;

  TestWatcher(String resumePosition) {
    this.resumePosition = resumePosition;
  }

  @Override
  public Duration pace() {
    return Duration.ofMillis(1);
  }

  @Override
  public Optional<String> resumePosition() {
    return resumePosition.isEmpty() ? Optional.empty() : Optional.of(resumePosition);
  }

  @Override
  public void changed(WatchedAnswer<String> answer) {
    told.add(answer.message());
  }

  @Override
  public void stands(AsOf asOf) {
    told.add("stands " + asOf.position());
  }

  @Override
  public void failed(Throwable error) {
    told.add("failed " + error.getMessage());
  }
}
