package dev.windrow.quickstart;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * 20,000 real flights within the United States, January to March 2001, as events. Figures of the US
 * Department of Transportation, as sampled in the vega-datasets collection.
 */
final class Flights {
  private static final String FILE = "flights-20k.csv";
  private static final double LATE_MINUTES = 15;

  private Flights() {}

  /** All of them, in order of departure. */
  static List<Event> all() {
    var stream = Objects.requireNonNull(Flights.class.getResourceAsStream(FILE), FILE);
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).map(Flights::event).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Event event(String line) {
    String[] columns = line.split(",", -1);
    String origin = columns[1];
    String destination = columns[2];
    double delay = Double.parseDouble(columns[4]);
    return Event.newBuilder()
        .setOccurredAt(
            Timestamp.newBuilder().setSeconds(Instant.parse(columns[0]).getEpochSecond()))
        .setSource(origin)
        .setType("flight.departed")
        .setEntityId(origin + "-" + destination)
        .setStatus(delay > LATE_MINUTES ? "late" : "on_time")
        .setValue(delay)
        .setAmount(Long.parseLong(columns[3]))
        .putAttributes("destination", destination)
        .build();
  }
}
