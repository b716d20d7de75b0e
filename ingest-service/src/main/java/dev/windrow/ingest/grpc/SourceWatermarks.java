package dev.windrow.ingest.grpc;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.lane.SourceWatermark;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The watermarks that a request declares. */
final class SourceWatermarks {
  private static final int MAX = 100;
  private static final int SOURCE_CHARS = 200;
  // The year 1, as google.protobuf.Timestamp has it.
  private static final long MIN_SECONDS = -62_135_596_800L;

  private SourceWatermarks() {}

  /**
   * @param newest the latest time that may be declared
   * @throws WindrowException if one is wrong
   */
  static List<SourceWatermark> of(AppendRequest request, Instant newest) {
    int count = request.getSourceWatermarksCount();
    if (count == 0) {
      return List.of();
    }
    if (request.getProducerId().isEmpty()) {
      throw invalid("source_watermarks", "need a producer_id");
    }
    if (count > MAX) {
      throw invalid("source_watermarks", "must be at most " + MAX + ", got " + count);
    }
    List<SourceWatermark> watermarks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      watermarks.add(of("source_watermarks[" + i + "].", request.getSourceWatermarks(i), newest));
    }
    return watermarks;
  }

  private static SourceWatermark of(
      String path, dev.windrow.ingest.v1.SourceWatermark declared, Instant newest) {
    String source = declared.getSource();
    if (source.isEmpty()) {
      throw invalid(path + "source", "is required");
    }
    if (source.length() > SOURCE_CHARS) {
      throw invalid(
          path + "source",
          "must be at most " + SOURCE_CHARS + " characters, got " + source.length());
    }
    if (source.indexOf('\0') >= 0) {
      throw invalid(path + "source", "must not contain U+0000");
    }
    if (!declared.hasCompleteUntil()) {
      throw invalid(path + "complete_until", "is required");
    }
    return new SourceWatermark(
        source, micros(path + "complete_until", declared.getCompleteUntil(), newest));
  }

  private static long micros(String field, Timestamp until, Instant newest) {
    if (until.getSeconds() < MIN_SECONDS
        || until.getNanos() < 0
        || until.getNanos() > 999_999_999) {
      throw invalid(
          field,
          "must not be before the year 1, with nanos from 0 to 999999999, got seconds "
              + until.getSeconds()
              + " and nanos "
              + until.getNanos());
    }
    if (until.getSeconds() > newest.getEpochSecond()
        || Instant.ofEpochSecond(until.getSeconds(), until.getNanos()).isAfter(newest)) {
      throw invalid(field, "must not be after " + newest + ", got seconds " + until.getSeconds());
    }
    // Less than what was said, never more.
    return until.getSeconds() * 1_000_000 + until.getNanos() / 1_000;
  }

  private static WindrowException invalid(String field, String rule) {
    return Failure.invalid(field, rule).toException();
  }
}
