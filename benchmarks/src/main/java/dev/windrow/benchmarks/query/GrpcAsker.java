package dev.windrow.benchmarks.query;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.GetLatestResponse;
import dev.windrow.query.v1.ListEventsResponse;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks query-service, on a connection of its own. */
final class GrpcAsker implements Asker {
  private static final long DEADLINE_SECONDS = 600;

  private final ManagedChannel channel;
  private final Request request;

  GrpcAsker(int port, Request request) {
    this.channel = NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    this.request = request;
  }

  @Override
  public Answered ask() {
    if (request instanceof Request.Summary summary) {
      SummarizeResponse response = stub().summarize(summary.request());
      return () -> response.getRowsList().stream().map(row -> row(summary, row)).toList();
    }
    if (request instanceof Request.Latest latest) {
      GetLatestResponse response = stub().getLatest(latest.request());
      return () -> latest(response);
    }
    ListEventsResponse response = stub().listEvents(((Request.Listing) request).request());
    return () -> events(response);
  }

  /** How the answer is found; empty for a list. */
  Optional<Plan> plan() {
    if (request instanceof Request.Summary summary) {
      return Optional.of(
          stub().summarize(summary.request().toBuilder().setExplain(true).build()).getPlan());
    }
    if (request instanceof Request.Latest latest) {
      return Optional.of(
          stub().getLatest(latest.request().toBuilder().setExplain(true).build()).getPlan());
    }
    return Optional.empty();
  }

  private QueryServiceGrpc.QueryServiceBlockingStub stub() {
    return QueryServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private static AnswerRow row(Request.Summary summary, SummaryRow row) {
    List<String> key = new ArrayList<>();
    summary
        .interval()
        .ifPresent(
            unit -> key.add(instant(row.getWindow().getStartTime()).truncatedTo(unit).toString()));
    summary.request().getGroupByList().forEach(name -> key.add(row.getGroupOrThrow(name)));
    return new AnswerRow(key, row.getValuesList().stream().map(GrpcAsker::number).toList());
  }

  private static Number number(MetricValue value) {
    return switch (value.getValueCase()) {
      case INTEGER -> value.getInteger();
      case REAL -> value.getReal();
      case BIG_INTEGER -> Double.parseDouble(value.getBigInteger());
      case VALUE_NOT_SET -> Double.NaN;
      case HISTOGRAM -> throw new IllegalStateException("no question here asks for a histogram");
    };
  }

  private static List<AnswerRow> events(ListEventsResponse response) {
    return response.getEventsList().stream()
        .map(stored -> stored.getEvent())
        .map(
            event ->
                new AnswerRow(
                    List.of(instant(event.getOccurredAt()).toString()),
                    List.of(event.getValue(), event.getAmount())))
        .toList();
  }

  private static List<AnswerRow> latest(GetLatestResponse response) {
    return response.getEventsList().stream()
        .map(
            event ->
                new AnswerRow(
                    List.of(event.getEntityId(), instant(event.getOccurredAt()).toString()),
                    List.of(event.getValue())))
        .toList();
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  @Override
  public void close() {
    // Nothing is under way.
    channel.shutdownNow();
  }
}
