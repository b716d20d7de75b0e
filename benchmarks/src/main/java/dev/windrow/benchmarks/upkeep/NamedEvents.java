package dev.windrow.benchmarks.upkeep;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.VoidEventsJob;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Events that have ids, and so can be taken back: some on each day. */
final class NamedEvents {
  private static final String SOURCE = "source-0";
  private static final int NOON = 12 * 3_600;

  private NamedEvents() {}

  /** Appends so many of each day. */
  static void append(int port, List<LocalDate> days, int each) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (LocalDate day : days) {
      for (int i = 0; i < each; i++) {
        request.addEvents(
            Event.newBuilder()
                .setOccurredAt(
                    Timestamp.newBuilder()
                        .setSeconds(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC) + NOON))
                .setSource(SOURCE)
                .setType("type-0")
                .setEntityId("entity-1")
                .setStatus("ok")
                .setValue(1)
                .setEventId(id(day, i)));
      }
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    try {
      AppendResponse response = IngestServiceGrpc.newBlockingStub(channel).append(request.build());
      if (response.getStoredCount() != request.getEventsCount()) {
        throw new IllegalStateException("events must be stored, got " + response);
      }
    } finally {
      channel.shutdownNow();
    }
  }

  /** Takes one of each of these days back. */
  static JobSpec takeBack(List<LocalDate> days, int which) {
    VoidEventsJob.Builder job = VoidEventsJob.newBuilder().setReason("a benchmark");
    for (LocalDate day : days) {
      job.addEvents(EventName.newBuilder().setSource(SOURCE).setEventId(id(day, which)));
    }
    return JobSpec.newBuilder().setVoidEvents(job).build();
  }

  private static String id(LocalDate day, int i) {
    return day + "/" + i;
  }
}
