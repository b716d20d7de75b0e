package dev.windrow.ingest.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.accept.AcceptancePolicy;
import dev.windrow.ingest.accept.EventAcceptance;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.Client;
import dev.windrow.ingest.lane.InFlight;
import dev.windrow.ingest.lane.Lane;
import dev.windrow.ingest.lane.LaneSettings;
import dev.windrow.ingest.lane.Lanes;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class AppendStreamCallTest {
  private static final Duration OVERLOAD_WAIT = Duration.ofSeconds(1);
  private static final Failure LOST =
      Failure.of(Status.Code.UNAVAILABLE, "DATABASE_UNAVAILABLE", "away", Map.of());

  private final List<Sinks.One<List<AppendOutcome>>> flushes = new ArrayList<>();
  private final OpenStreams open = new OpenStreams();
  private final Timer timer = new Timer();
  private final Call call = new Call();

  /** Keeps its tasks, as one that is late would: the ends of waits, and looks for silence. */
  private static final class Timer extends ScheduledThreadPoolExecutor {
    private final List<Runnable> due = new ArrayList<>();
    private final List<Runnable> looks = new ArrayList<>();

    Timer() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      (unit.toMillis(delay) == OVERLOAD_WAIT.toMillis() ? due : looks).add(task);
      Callable<Boolean> later = () -> true;
      return super.schedule(later, 1, TimeUnit.HOURS);
    }

    /** Half of the longest silence passes. */
    void look() {
      looks.remove(0).run();
    }
  }

  /** What the client sees, as text. */
  private static final class Call extends ServerCallStreamObserver<AppendStreamResponse> {
    private final List<String> seen = new ArrayList<>();
    private boolean ready = true;
    private int requested;

    @Override
    public void onNext(AppendStreamResponse response) {
      seen.add(
          switch (response.getMessageCase()) {
            case APPEND -> "durable " + response.getAppend().getDurableSequence();
            case HEARTBEAT -> {
              var heartbeat = response.getHeartbeat();
              yield "heartbeat "
                  + heartbeat.getDurableSequence()
                  + " at "
                  + heartbeat.getServerTime().getSeconds();
            }
            case GOING_AWAY ->
                "going away after "
                    + response.getGoingAway().getDurableSequence()
                    + ", resume at "
                    + response.getGoingAway().getResumeSequence();
            case MESSAGE_NOT_SET -> "nothing";
          });
    }

    @Override
    public void onError(Throwable error) {
      Status status = Status.fromThrowable(error);
      seen.add(status.getCode() + " " + status.getDescription());
    }

    @Override
    public void onCompleted() {
      seen.add("completed");
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void request(int count) {
      requested += count;
    }
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private AppendStreamCall stream(int maxRequests) {
    return stream(maxRequests, Duration.ofSeconds(10));
  }

  /** A stream into a lane that flushes each request by itself, when told. */
  private AppendStreamCall stream(int maxRequests, Duration heartbeat) {
    Lane lane =
        new Lane(
            new LaneSettings(maxRequests, 1 << 20, 1, 1, Duration.ZERO),
            Runnable::run,
            requests -> {
              Sinks.One<List<AppendOutcome>> flush = Sinks.one();
              flushes.add(flush);
              return flush.asMono();
            },
            everything -> Mono.empty());
    EventAcceptance acceptance =
        new EventAcceptance(
            new AcceptancePolicy(
                Duration.ofDays(1), Duration.ofDays(1), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
            1);
    AppendStreamCall stream =
        new AppendStreamCall(
            new Doors(
                acceptance,
                new Lanes(List.of(lane), lane, 0, new InFlight(Long.MAX_VALUE, Runnable::run)),
                timer,
                OVERLOAD_WAIT,
                heartbeat,
                Clock.fixed(Instant.ofEpochSecond(7), ZoneOffset.UTC)),
            open,
            new Client(),
            call);
    stream.start();
    return stream;
  }

  private static byte[] request(long sequence) {
    Event event =
        Event.newBuilder()
            .setOccurredAt(Timestamp.getDefaultInstance())
            .setSource("s")
            .setType("t")
            .setEntityId("e")
            .build();
    return AppendStreamRequest.newBuilder()
        .setAppend(
            AppendRequest.newBuilder().addEvents(event).setProducerId("p").setSequence(sequence))
        .build()
        .toByteArray();
  }

  private void end(int flush, AppendOutcome outcome) {
    flushes.get(flush).tryEmitValue(List.of(outcome)).orThrow();
  }

  private void endDurable(int flush) {
    end(flush, new AppendOutcome.Durable(1, 0, List.of(), false, flush + 1, ""));
  }

  @Test
  void drain_withRequestsUnderWay_answersThemFirst() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    stream.onNext(request(2));

    open.drain();
    endDurable(0);
    endDurable(1);

    assertThat(call.seen).hasSize(4);
    assertThat(call.seen.subList(0, 3))
        .containsExactly("durable 1", "durable 2", "going away after 2, resume at 3");
    assertThat(call.seen.get(3)).startsWith("UNAVAILABLE ");
  }

  @Test
  void drain_ofAStreamThatHasAcknowledgedNothing_namesNoSequence() {
    stream(100);

    open.drain();

    assertThat(call.seen).hasSize(2);
    assertThat(call.seen.get(0)).isEqualTo("going away after 0, resume at 0");
    assertThat(call.seen.get(1)).startsWith("UNAVAILABLE ");
  }

  @Test
  void drain_stopsTheReading() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    int before = call.requested;

    open.drain();
    stream.onNext(request(2));

    assertThat(flushes).hasSize(1);
    assertThat(call.requested).isEqualTo(before);
  }

  @Test
  void drain_afterTheClientHasSentAllItHad_completesAsIfNothingWas() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    stream.onCompleted();

    open.drain();
    endDurable(0);

    assertThat(call.seen).containsExactly("durable 1", "completed");
  }

  @Test
  void drain_withARequestThatFails_tellsTheFailure_andNotThatItLeaves() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    stream.onNext(request(2));

    open.drain();
    endDurable(0);
    end(1, new AppendOutcome.Failed(LOST));

    assertThat(call.seen).containsExactly("durable 1", "UNAVAILABLE away");
  }

  @Test
  void heartbeat_isSentWhenNothingElseWas_andOncePerSilence() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    endDurable(0);

    timer.look();
    assertThat(call.seen).containsExactly("durable 1");
    timer.look();
    assertThat(call.seen).containsExactly("durable 1", "heartbeat 1 at 7");
    timer.look();
    timer.look();
    assertThat(call.seen).containsExactly("durable 1", "heartbeat 1 at 7", "heartbeat 1 at 7");
    stream.onNext(request(2));
    endDurable(1);
    timer.look();
    assertThat(call.seen).endsWith("heartbeat 1 at 7", "durable 2");
    assertThat(timer.looks).hasSize(1);
  }

  @Test
  void heartbeat_isNotSentBeforeTheFirstAnswer() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));

    assertThat(timer.looks).isEmpty();
  }

  @Test
  void heartbeat_thatTheClientDoesNotTake_isNotSentLater() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    endDurable(0);
    call.ready = false;
    for (int i = 0; i < 5; i++) {
      timer.look();
    }
    assertThat(call.seen).containsExactly("durable 1");

    call.ready = true;
    timer.look();

    assertThat(call.seen).containsExactly("durable 1", "heartbeat 1 at 7");
  }

  @Test
  void heartbeat_isNotSentAfterTheEnd() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    endDurable(0);
    stream.onCompleted();

    timer.look();

    assertThat(call.seen).containsExactly("durable 1", "completed");
    assertThat(timer.looks).isEmpty();
  }

  @Test
  void heartbeat_ofZero_isOff() {
    AppendStreamCall stream = stream(100, Duration.ZERO);
    stream.onNext(request(1));
    endDurable(0);

    assertThat(timer.looks).isEmpty();
  }

  @Test
  void onNext_ofAWrongRequest_answersThoseBeforeItFirst() {
    AppendStreamCall stream = stream(100);
    stream.onNext(request(1));
    stream.onNext(AppendStreamRequest.getDefaultInstance().toByteArray());

    endDurable(0);

    assertThat(call.seen).hasSize(2);
    assertThat(call.seen.get(0)).isEqualTo("durable 1");
    assertThat(call.seen.get(1)).startsWith("INVALID_ARGUMENT append");
  }

  @Test
  void failure_ofARequest_endsTheStream_andNothingBehindItIsAnswered() {
    AppendStreamCall stream = stream(100);
    for (int sequence = 1; sequence <= 3; sequence++) {
      stream.onNext(request(sequence));
    }
    stream.onNext(AppendStreamRequest.getDefaultInstance().toByteArray());

    endDurable(0);
    end(1, new AppendOutcome.Failed(LOST));
    endDurable(2);

    assertThat(call.seen).containsExactly("durable 1", "UNAVAILABLE away");
  }

  @Test
  void timeout_thatComesLate_doesNotRefuseTheNextRequest() {
    AppendStreamCall stream = stream(1);
    stream.onNext(request(1));
    stream.onNext(request(2));
    stream.onNext(request(3));
    endDurable(0);
    endDurable(1);
    stream.onNext(request(4));
    stream.onNext(request(5));

    timer.due.get(0).run();
    for (int flush = 2; flush < 5; flush++) {
      endDurable(flush);
    }
    stream.onCompleted();

    assertThat(timer.due).hasSize(2);
    assertThat(call.seen)
        .containsExactly(
            "durable 1", "durable 2", "durable 3", "durable 4", "durable 5", "completed");
  }
}
