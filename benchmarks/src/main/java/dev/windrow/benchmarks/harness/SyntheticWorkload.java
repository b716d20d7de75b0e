package dev.windrow.benchmarks.harness;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** 20 sources, 10,000 entities with a Zipf skew, 5 statuses, a value, an amount, a payload. */
public final class SyntheticWorkload implements Workload {
  private static final int SOURCES = 20;
  private static final int ENTITIES = 10_000;
  private static final List<String> STATUSES =
      List.of("completed", "delayed", "failed", "cancelled", "disputed");
  private static final int[] STATUS_PERCENT = {70, 15, 8, 5, 2};
  private static final List<String> CHANNELS = List.of("web", "app", "shop", "phone");

  private final Times times;
  private final int types;
  private final ZipfRanks ranks = new ZipfRanks(ENTITIES);
  // Made once: neither side should measure the making of strings.
  private final String[] sources = names("payment-provider-%02d", SOURCES);
  private final String[] entities = names("customer-%010d", ENTITIES);
  private final String[] typeNames;

  public SyntheticWorkload(Times times, int types) {
    this.times = times;
    this.types = types;
    this.typeNames = names("shop.order.placed-%d", types);
  }

  @Override
  public Iterator<LoadEvent> events(long seed, int count, Instant now) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < count;
      }

      @Override
      public LoadEvent next() {
        return event(times.micros(next++, count, now, random), random);
      }
    };
  }

  @Override
  public List<LocalDate> days(Instant now) {
    return times.days(now);
  }

  private LoadEvent event(long micros, SplittableRandom random) {
    return new LoadEvent(
        micros,
        sources[random.nextInt(SOURCES)],
        typeNames[random.nextInt(types)],
        entities[ranks.next(random)],
        status(random),
        Math.round(100 * logNormal(random, 3, 1)) / 100.0,
        Math.round(logNormal(random, 8, 1)),
        null,
        new LoadEvent.Payload(
            CHANNELS.get(random.nextInt(CHANNELS.size())),
            1 + random.nextInt(9),
            random.nextInt(1, 10_000) / 100.0));
  }

  private static String status(SplittableRandom random) {
    int left = random.nextInt(100);
    int status = 0;
    while (left >= STATUS_PERCENT[status]) {
      left -= STATUS_PERCENT[status++];
    }
    return STATUSES.get(status);
  }

  private static double logNormal(RandomGenerator random, double mean, double deviation) {
    return Math.exp(mean + deviation * random.nextGaussian());
  }

  private static String[] names(String format, int count) {
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = format.formatted(i);
    }
    return names;
  }
}
