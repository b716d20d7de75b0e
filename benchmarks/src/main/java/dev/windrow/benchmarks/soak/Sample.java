package dev.windrow.benchmarks.soak;

import dev.windrow.benchmarks.harness.Json;
import java.util.Map;

/**
 * How everything is at one time.
 *
 * @param minute since the beginning
 * @param stored events, since then
 * @param connections that services have open to the database
 * @param deltaRows that are not compacted yet
 * @param unfoldedEvents events that are in no row yet, once for each rollup
 * @param lagSeconds how long ago the oldest of both was written
 * @param driftRows rows that verification has found wrong
 * @param verifiedDays days that it has looked at
 * @param ackMillis p99 since the look before, as {@code answerMillis}
 */
record Sample(
    double minute,
    long stored,
    Vitals ingest,
    Vitals query,
    long connections,
    double deltaRows,
    double unfoldedEvents,
    double lagSeconds,
    double driftRows,
    double verifiedDays,
    double ackMillis,
    double answerMillis) {
  String line() {
    return String.format(
        "minute %4.1f: %,d events, heap %.1f + %.1f MiB, files %d + %d, threads %d + %d, connections %d,"
            + " delta %,.0f rows, %,.0f events unfolded, lag %.1f s, drift %.0f rows of %.0f days,"
            + " ack p99 %.0f ms, answer p99 %.0f ms",
        minute,
        stored,
        ingest.heapMiB(),
        query.heapMiB(),
        ingest.files(),
        query.files(),
        ingest.threads(),
        query.threads(),
        connections,
        deltaRows,
        unfoldedEvents,
        lagSeconds,
        driftRows,
        verifiedDays,
        ackMillis,
        answerMillis);
  }

  Map<String, Object> json() {
    return Json.object(
        "minute", minute,
        "stored", stored,
        "ingest_heap_mib", ingest.heapMiB(),
        "query_heap_mib", query.heapMiB(),
        "ingest_files", ingest.files(),
        "query_files", query.files(),
        "ingest_threads", ingest.threads(),
        "query_threads", query.threads(),
        "connections", connections,
        "delta_rows", deltaRows,
        "unfolded_events", unfoldedEvents,
        "lag_s", lagSeconds,
        "drift_rows", driftRows,
        "verified_days", verifiedDays,
        "ack_p99_ms", ackMillis,
        "answer_p99_ms", answerMillis);
  }
}
