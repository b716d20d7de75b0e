package dev.windrow.query.catalog;

import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The versions of something that has a name, of which none is ever changed.
 *
 * @param <T> a version
 */
final class Versions<T> {
  private final String name;
  private final TreeMap<Integer, T> there = new TreeMap<>();

  Versions(String name) {
    this.name = name;
  }

  void add(int version, T stored) {
    there.put(version, stored);
  }

  /**
   * The version that is there already and says the same as is wanted.
   *
   * @param wanted its number; 0 for the newest
   * @return empty if {@link #next} is to be added
   * @throws dev.windrow.runtime.error.WindrowException if neither can be
   */
  Optional<T> same(int wanted, Predicate<T> saysTheSame) {
    if (wanted < 0 || wanted > next()) {
      throw Failure.invalid("version", "must be 0 to " + next() + ", the next, got " + wanted)
          .toException();
    }
    if (there.isEmpty() || wanted == next()) {
      return Optional.empty();
    }
    T stored = wanted == 0 ? there.lastEntry().getValue() : there.get(wanted);
    if (stored != null && saysTheSame.test(stored)) {
      return Optional.of(stored);
    }
    if (wanted == 0) {
      return Optional.empty();
    }
    throw Failure.of(
            Status.Code.ALREADY_EXISTS,
            "VERSION_EXISTS",
            "version: of %s must be %d, the next, or say what it says, got %d"
                .formatted(name, next(), wanted),
            Map.of(
                "name",
                name,
                "version",
                Integer.toString(wanted),
                "next_version",
                Integer.toString(next())))
        .toException();
  }

  int next() {
    return there.isEmpty() ? 1 : there.lastKey() + 1;
  }
}
