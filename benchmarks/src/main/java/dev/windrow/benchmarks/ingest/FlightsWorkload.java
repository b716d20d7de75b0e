package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.LoadEvent;
import dev.windrow.benchmarks.harness.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The flights of the quickstart's sample, over and over; each pass has entities of its own. */
final class FlightsWorkload implements Workload {
  private static final String FILE = "/dev/windrow/quickstart/flights-20k.csv";
  private static final double LATE_MINUTES = 15;

  private final List<LoadEvent> sample = read();

  @Override
  public Iterator<LoadEvent> events(long seed, int count, Instant now) {
    return IntStream.range(0, count).mapToObj(this::event).iterator();
  }

  @Override
  public List<LocalDate> days(Instant now) {
    return sample.stream()
        .map(
            flight -> LocalDate.ofEpochDay(TimeUnit.MICROSECONDS.toDays(flight.occurredAtMicros())))
        .distinct()
        .toList();
  }

  private LoadEvent event(int index) {
    LoadEvent flight = sample.get(index % sample.size());
    return new LoadEvent(
        flight.occurredAtMicros(),
        flight.source(),
        flight.type(),
        flight.entityId() + "-" + index / sample.size(),
        flight.status(),
        flight.value(),
        flight.amount(),
        flight.destination(),
        null);
  }

  private static List<LoadEvent> read() {
    var stream = Objects.requireNonNull(FlightsWorkload.class.getResourceAsStream(FILE), FILE);
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).map(FlightsWorkload::flight).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LoadEvent flight(String line) {
    String[] columns = line.split(",", -1);
    double delay = Double.parseDouble(columns[4]);
    return new LoadEvent(
        TimeUnit.SECONDS.toMicros(
            Instant.parse(columns[0]).atOffset(ZoneOffset.UTC).toEpochSecond()),
        columns[1],
        "flight.departed",
        columns[1] + "-" + columns[2],
        delay > LATE_MINUTES ? "late" : "on_time",
        delay,
        Long.parseLong(columns[3]),
        columns[2],
        null);
  }
}
