package dev.windrow.benchmarks.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.benchmarks.harness.LiveTimes;
import dev.windrow.benchmarks.harness.Messages;
import dev.windrow.benchmarks.harness.SyntheticWorkload;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.accept.AcceptancePolicy;
import dev.windrow.ingest.accept.EncodedEvents;
import dev.windrow.ingest.accept.EventAcceptance;
import dev.windrow.ingest.v1.AppendRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event costs from its bytes on the wire to its row of COPY, checked and hashed, in
 * messages of 1,000 events of the harness' shape. The reference only parses the same bytes into
 * protobuf's objects.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {
  private static final int EVENTS = 1_000;

  private final Instant now = Instant.now();
  private final EventAcceptance acceptance =
      new EventAcceptance(
          new AcceptancePolicy(
              Duration.ofDays(1), Duration.ofMinutes(1), Clock.fixed(now, ZoneOffset.UTC)),
          1);
  private byte[] message = {};
  private byte[][] events = {};

  /** Makes the message. */
  @Setup
  public void generate() throws InvalidProtocolBufferException {
    var load = new SyntheticWorkload(new LiveTimes(), 1).events(1, EVENTS, now);
    message = Messages.encodeOne(load, EVENTS).bytes();
    AppendRequest request = AppendRequest.parseFrom(message);
    events = request.getEventsList().stream().map(Event::toByteArray).toArray(byte[][]::new);
  }

  /** All that is done to an event before a lane has it. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long encode() throws InvalidProtocolBufferException {
    EncodedEvents encoded = new EncodedEvents(new byte[message.length]);
    for (byte[] event : events) {
      encoded.append(event);
    }
    return acceptance.accept(encoded).bytes();
  }

  /** The reference: objects, unchecked. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public AppendRequest referenceParse() throws InvalidProtocolBufferException {
    return AppendRequest.parseFrom(message);
  }
}
