package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answered;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.v1.WatchSummaryResponse;
import dev.windrow.query.watch.Watches;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The streams that watch, so that a server that goes away can end them from its side. */
public final class WatchSummaries {
  private final Watches<SummarizeResponse> watches;
  private final Duration heartbeat;
  private final Set<WatchSummaryCall> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * None yet.
   *
   * @param heartbeat the longest silence of a stream whose client reads; 0 for any
   */
  public WatchSummaries(Watches<SummarizeResponse> watches, Duration heartbeat) {
    this.watches = watches;
    this.heartbeat = heartbeat;
  }

  /** How an answer is told. */
  public static Function<Answered, SummarizeResponse> answers(Instance instance) {
    return answered -> SummarizeResponses.of(answered, instance);
  }

  /** Whether two answers say the same, whatever each is worth. */
  public static boolean sameRows(SummarizeResponse one, SummarizeResponse other) {
    return one.getTotalRowCount() == other.getTotalRowCount()
        && one.getRowsList().equals(other.getRowsList());
  }

  /**
   * Begins a stream. To be called while its call is being set up.
   *
   * @param catalog of the metrics that the question names
   */
  void open(
      WatchSummaryRequest request,
      Mono<MetricCatalog> catalog,
      StreamObserver<WatchSummaryResponse> observer) {
    var call = (ServerCallStreamObserver<WatchSummaryResponse>) observer;
    WatchTerms terms;
    try {
      terms = WatchRequests.terms(request);
    } catch (WindrowException e) {
      call.onError(StatusMapper.toStatus(e));
      return;
    }
    WatchSummaryCall opened = new WatchSummaryCall(watches, terms, heartbeat, call, open::remove);
    open.add(opened);
    opened.start(catalog.map(known -> WatchRequests.question(request, known)));
    // Seen either here or by drain(), whichever comes second.
    if (draining) {
      opened.leave();
    }
  }

  /** Ends the streams, and those that are still to come. */
  public void drain() {
    draining = true;
    open.forEach(WatchSummaryCall::leave);
  }
}
