package dev.windrow.benchmarks.ingest;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The medians of each shape as a row that can be put into a README. */
final class MarkdownTable {
  private static final List<String> PHASES =
      List.of("full_speed", "half_speed", "idle", "thousand", "flooded");

  private MarkdownTable() {}

  static void print(PrintStream out, List<ShapeResult> results) {
    out.println();
    out.println(
        "| shape | bare COPY, events/s | Windrow until acked | until compacted | ratio | CPU s/M, COPY"
            + " (client + PostgreSQL) | Windrow (client + service + PostgreSQL) | WAL B/event, COPY |"
            + " Windrow | ack p50/p99/p99.9 ms, full speed | half speed (bare COPY) | idle (bare COPY) | 1,000 producers (bare COPY) |"
            + " flooded |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    results.forEach(result -> out.println(row(result)));
  }

  private static String row(ShapeResult result) {
    List<Round> rounds = result.rounds();
    Spread ratio = result.ratio();
    StringBuilder row = new StringBuilder("| ").append(result.shape().label());
    cell(row, "%,.0f", Spread.of(rounds, Round::referenceRate).median());
    cell(row, "%,.0f", Spread.of(rounds, Round::ackedRate).median());
    cell(row, "%,.0f", Spread.of(rounds, Round::windrowRate).median());
    cell(row, "%.3f (%.3f to %.3f)", ratio.median(), ratio.min(), ratio.max());
    cell(
        row,
        "%.2f + %.2f",
        Spread.perMillion(rounds, Round::reference, Meter.Usage::harness),
        Spread.perMillion(rounds, Round::reference, Meter.Usage::postgresql));
    cell(
        row,
        "%.2f + %.2f + %.2f",
        Spread.perMillion(rounds, Round::windrow, Meter.Usage::harness),
        Spread.perMillion(rounds, Round::windrow, Meter.Usage::service),
        Spread.perMillion(rounds, Round::windrow, Meter.Usage::postgresql));
    cell(row, "%.0f", Spread.perMillion(rounds, Round::reference, Meter.Usage::walBytes) / 1e6);
    cell(row, "%.0f", Spread.perMillion(rounds, Round::windrow, Meter.Usage::walBytes) / 1e6);
    for (String phase : PHASES) {
      Latency latency = result.latencies().get(phase);
      if (latency == null) {
        cell(row, "");
      } else {
        Latency bare = result.latencies().get(phase + "_reference");
        cell(row, bare == null ? text(latency) : text(latency) + " (" + text(bare) + ")");
      }
    }
    return row.append(" |").toString();
  }

  private static String text(Latency latency) {
    return String.format(
        Locale.ROOT,
        "%.1f/%.1f/%.1f",
        latency.p50Millis(),
        latency.p99Millis(),
        latency.p999Millis());
  }

  private static void cell(StringBuilder row, String format, Object... values) {
    row.append(" | ").append(String.format(Locale.ROOT, format, values));
  }
}
