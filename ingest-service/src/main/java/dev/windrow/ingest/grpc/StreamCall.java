package dev.windrow.ingest.grpc;

import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.grpc.ConnectionAge;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of requests: when it is read, and how it ends. It ends once everything that was read
 * is answered and either the client has sent all it had, or reading has ended for a reason. A
 * stream that is told to leave reads no further.
 *
 * <p>Concurrency: the event loop calls the observer, the lane's thread brings outcomes, a timer
 * ends waits. All of them take this object's monitor, which is held for a few field accesses and a
 * non-blocking send; gRPC's observer is not safe for several threads, so something must order them.
 * What a subclass implements runs under it.
 */
abstract class StreamCall<T> implements StreamObserver<byte[]> {
  final Doors doors;
  final ServerCallStreamObserver<T> call;
  private final OpenStreams open;
  private final Runnable leave = this::leave;
  private @Nullable ScheduledFuture<?> leaving;
  private boolean requested;
  private boolean clientDone;
  private boolean ended;
  // Why reading has ended.
  private @Nullable Failure failure;

  StreamCall(Doors doors, OpenStreams open, ServerCallStreamObserver<T> call) {
    this.doors = doors;
    this.open = open;
    this.call = call;
  }

  /** Takes a message. */
  abstract void take(byte[] message);

  /** Whether one more message may be read. */
  abstract boolean hasRoom();

  /** Whether something that was read is not answered yet. */
  abstract boolean isOwing();

  /** Sends what comes before the end of a stream that has gone well. */
  abstract void finish();

  /** Sends what comes before the end of a stream that leaves. */
  abstract void takeLeave();

  /** The failure as the client is told, with how far the stream has come. */
  abstract Failure describe(Failure why);

  /** Gives up what waits. */
  abstract void release();

  /** Begins to read. To be called while the call is being set up. */
  synchronized void start() {
    call.disableAutoRequest();
    call.setOnReadyHandler(this::readOn);
    call.setOnCancelHandler(this::cancelled);
    Optional<Duration> untilLeaving = ConnectionAge.untilLeaving();
    if (untilLeaving.isPresent()) {
      long millis = untilLeaving.get().toMillis();
      leaving = doors.timer().schedule(leave, millis, TimeUnit.MILLISECONDS);
    }
    open.add(leave);
    readOn();
  }

  @Override
  public final synchronized void onNext(byte[] message) {
    requested = false;
    if (reads()) {
      take(message);
      readOn();
    }
  }

  @Override
  public final synchronized void onError(Throwable error) {
    cancelled();
  }

  @Override
  public final synchronized void onCompleted() {
    clientDone = true;
    endIfDone();
  }

  final synchronized void readOn() {
    if (!requested && !clientDone && reads() && hasRoom()) {
      requested = true;
      call.request(1);
    }
  }

  final boolean reads() {
    return failure == null && !ended;
  }

  final boolean isEnded() {
    return ended;
  }

  /** Ends the reading, if nothing has before. */
  final void fail(Failure why) {
    if (failure == null) {
      failure = why;
    }
    endIfDone();
  }

  /** A request has failed that came before whatever ended the reading: this is the reason. */
  final void failEarlier(Failure why) {
    failure = why;
    endIfDone();
  }

  final void endIfDone() {
    if (ended || isOwing()) {
      return;
    }
    Failure why = failure;
    if (why != null) {
      end();
      if (!call.isCancelled()) {
        if (Doors.isGoingAway(why)) {
          takeLeave();
        }
        call.onError(StatusMapper.toStatus(describe(why).toException()));
      }
    } else if (clientDone) {
      end();
      if (!call.isCancelled()) {
        finish();
        call.onCompleted();
      }
    }
  }

  // A client that has sent all it had is answered as if nothing was.
  private synchronized void leave() {
    if (!clientDone && reads()) {
      fail(Doors.goingAway());
    }
  }

  private synchronized void cancelled() {
    if (!ended) {
      end();
    }
  }

  private void end() {
    ended = true;
    open.remove(leave);
    if (leaving != null) {
      leaving.cancel(false);
    }
    release();
  }
}
