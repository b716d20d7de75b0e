package dev.windrow.query.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.testing.Oracle;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.rollup.Dimension;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FilterTextTest {
  private static final String[] PIECES = {
    "\"", "\\", "\\\"", "'", " ", "", "a", "AND", "(", ")", "=", ",", "é", "\uD83D\uDE00", "\n", "."
  };

  @Test
  void narrowed_ofAWord_isReadable() {
    Map<Dimension, String> values = new LinkedHashMap<>();
    values.put(Dimension.SOURCE, "DTW");
    values.put(Dimension.attribute("gate no"), "");
    assertThat(FilterText.narrowed("type = a OR type = b", values))
        .isEqualTo("(type = a OR type = b) AND source = \"DTW\" AND \"attributes.gate no\" = \"\"");
    assertThat(FilterText.narrowed(" ", Map.of())).isEmpty();
    assertThat(FilterText.narrowed("type = a", Map.of())).isEqualTo("type = a");
  }

  @Test
  void narrowed_byAnyValues_readsBackAsTheSameEvents() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Dimension attribute = Dimension.attribute("n" + awkward(random));
      List<Dimension> dimensions =
          List.of(Dimension.TYPE, Dimension.STATUS, Dimension.ENTITY_ID, attribute);
      List<TestEvent> events =
          Stream.generate(() -> event(random, attribute.attributeName())).limit(30).toList();
      TestEvent wanted = events.get(random.nextInt(events.size()));
      Map<Dimension, String> values =
          dimensions.stream()
              .filter(dimension -> random.nextBoolean())
              .collect(Collectors.toMap(dimension -> dimension, wanted::dimension));
      String before = random.nextBoolean() ? "" : "source = source-1 OR NOT status = \"\"";
      Filter narrowed = FilterParser.parse(FilterText.narrowed(before, values));
      for (TestEvent event : events) {
        assertThat(Oracle.holds(narrowed, event))
            .as("seed %s: %s of %s", seed, narrowed, event)
            .isEqualTo(
                Oracle.holds(FilterParser.parse(before), event)
                    && values.entrySet().stream()
                        .allMatch(v -> event.dimension(v.getKey()).equals(v.getValue())));
      }
    }
  }

  private static TestEvent event(Random random, String attribute) {
    return new TestEvent(
        RandomEvents.START,
        "source-" + random.nextInt(2),
        awkward(random),
        awkward(random),
        random.nextBoolean() ? "" : awkward(random),
        null,
        null,
        random.nextBoolean() ? Map.of() : Map.of(attribute, awkward(random)),
        null);
  }

  private static String awkward(Random random) {
    return random
        .ints(random.nextInt(3), 0, PIECES.length)
        .mapToObj(piece -> PIECES[piece])
        .collect(Collectors.joining());
  }
}
