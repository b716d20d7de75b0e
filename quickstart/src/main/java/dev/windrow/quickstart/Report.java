package dev.windrow.quickstart;

import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.QueryServiceGrpc.QueryServiceBlockingStub;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import io.grpc.Channel;
import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Asks the questions, and prints the answers beside the independently computed ones. */
final class Report {
  // As the contract states them: percentiles within 1 %, or within 0.5 where the exact value is 0.
  private static final double PERCENTILE_ERROR = 0.01;
  private static final double AT_ZERO = 0.5;
  private static final String TOP_SOURCES = "DFW 445, ORD 430, ATL 363, LAX 333, PHX 255";

  private final Channel channel;
  private final PrintStream out;
  private boolean right = true;

  Report(Channel channel, PrintStream out) {
    this.channel = channel;
    this.out = out;
  }

  /** Whether every answer was right. */
  boolean print(LiveTicks live) {
    out.println();
    out.printf(
        "%-29s %-8s %8s %9s %8s %5s %5s %6s %6s %6s %6s %11s %9s%n",
        "question",
        "",
        "count",
        "sum",
        "avg",
        "min",
        "max",
        "p50",
        "p95",
        "p99",
        "late",
        "amount",
        "distinct");
    for (FlightQuestion question : FlightQuestion.ALL) {
      ask(question);
    }
    topSources();
    live(live);
    out.println();
    out.println(right ? "All answers are right." : "SOME ANSWERS ARE WRONG.");
    return right;
  }

  private void ask(FlightQuestion question) {
    SummarizeResponse answer = summarize(question.request());
    Map<String, Double> values = values(answer);
    values.put("late", values(summarize(question.lateRequest())).get("count"));
    List<Double> ours = FlightQuestion.COLUMNS.stream().map(values::get).toList();
    line(question.label(), "expected", question.expected());
    line("", "windrow", ours);
    double distinctError =
        answer.getInfo().getExactnessList().stream()
            .filter(exactness -> exactness.getName().equals("distinct_entities"))
            .findFirst()
            .orElseThrow()
            .getRelativeError();
    for (int i = 0; i < ours.size(); i++) {
      check(FlightQuestion.COLUMNS.get(i), question.expected().get(i), ours.get(i), distinctError);
    }
    Plan plan = answer.getPlan();
    out.printf(
        "%-29s %-8s %s: %d bucket rows, %d delta rows, %d raw events%n",
        "",
        "read",
        plan.getRollup().isEmpty() ? "raw" : "{" + plan.getRollup() + "}",
        plan.getBucketRows(),
        plan.getDeltaRows(),
        plan.getEventRows());
  }

  private void check(String column, double expected, double ours, double distinctError) {
    double allowed =
        switch (column) {
          case "p50", "p95", "p99" ->
              expected == 0 ? AT_ZERO : PERCENTILE_ERROR * Math.abs(expected);
          case "distinct_entities" -> distinctError * expected;
          // The table gives the mean with four decimals.
          case "avg" -> 0.00005;
          default -> 0;
        };
    if (!(Math.abs(ours - expected) <= allowed)) {
      right = false;
      out.printf("  WRONG: %s should be %s, is %s%n", column, expected, ours);
    }
  }

  private void topSources() {
    SummarizeResponse answer = summarize(FlightQuestion.ALL.get(1).topSources(5));
    String ours =
        answer.getRowsList().stream()
            .map(row -> row.getGroupMap().get("source") + " " + row.getValues(0).getInteger())
            .collect(Collectors.joining(", "));
    out.println();
    out.println("top sources, same window  expected  " + TOP_SOURCES);
    out.println("                          windrow   " + ours);
    right &= ours.equals(TOP_SOURCES);
  }

  private void live(LiveTicks live) {
    long before = live.acknowledgedEvents();
    long counted =
        summarize(
                SummarizeRequest.newBuilder()
                    .setWindow(
                        dev.windrow.query.v1.TimeWindow.newBuilder()
                            .setStartTime(com.google.protobuf.Timestamp.getDefaultInstance())
                            .setEndTime(
                                com.google.protobuf.Timestamp.newBuilder()
                                    .setSeconds(Instant.now().getEpochSecond() + 3600)))
                    .setFilter("type = " + LiveTicks.TYPE)
                    .build())
            .getRowsList()
            .get(0)
            .getValues(0)
            .getInteger();
    long after = live.sentEvents();
    out.println();
    out.printf(
        "live events, still arriving: %d acknowledged before asking <= %d counted <= %d sent%n",
        before, counted, after);
    right &= before <= counted && counted <= after;
  }

  private void line(String label, String whose, List<Double> values) {
    out.printf(
        Locale.ROOT,
        "%-29s %-8s %,8.0f %,9.0f %8.4f %5.0f %5.0f %6.2f %6.2f %6.2f %,6.0f %,11.0f %,9.0f%n",
        prepend(label, whose, values));
  }

  private static Object[] prepend(String label, String whose, List<Double> values) {
    Object[] all = new Object[values.size() + 2];
    all[0] = label;
    all[1] = whose;
    for (int i = 0; i < values.size(); i++) {
      all[i + 2] = values.get(i);
    }
    return all;
  }

  private static Map<String, Double> values(SummarizeResponse answer) {
    Map<String, Double> values = new HashMap<>();
    for (MetricValue value : answer.getRows(0).getValuesList()) {
      values.put(
          value.getName(), value.hasInteger() ? (double) value.getInteger() : value.getReal());
    }
    return values;
  }

  private SummarizeResponse summarize(SummarizeRequest request) {
    QueryServiceBlockingStub stub = QueryServiceGrpc.newBlockingStub(channel);
    return stub.withDeadlineAfter(30, TimeUnit.SECONDS).summarize(request);
  }
}
