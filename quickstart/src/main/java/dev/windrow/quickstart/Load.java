package dev.windrow.quickstart;

import dev.windrow.event.v1.Event;
import io.grpc.Channel;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Streams the sample data in, once: a later start finds that it is durable already. */
final class Load {
  private static final int STEP = 4_000;

  private Load() {}

  static void flights(Channel channel, PrintStream out) throws Exception {
    List<Event> flights = Flights.all();
    AtomicLong shown = new AtomicLong();
    long begin = System.nanoTime();
    int sent =
        new AppendClient(channel, "quickstart-flights")
            .stream(
                flights,
                durable -> {
                  if (durable - shown.get() >= STEP || durable == flights.size()) {
                    shown.set(durable);
                    out.printf("loading flights: %,6d of %,d durable%n", durable, flights.size());
                  }
                });
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (sent == 0) {
      out.println("the flights of an earlier run are still there: nothing was sent");
    } else {
      out.printf("loaded %,d events in %.1f s: %,.0f a second%n", sent, seconds, sent / seconds);
    }
  }
}
