package dev.windrow.query.question;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The metrics that a tenant has given names to. */
public final class MetricCatalog {
  private static final MetricCatalog EMPTY = new MetricCatalog(List.of());

  private final Map<String, TreeMap<Integer, MetricDefinition>> byName = new HashMap<>();

  public MetricCatalog(List<MetricDefinition> definitions) {
    for (MetricDefinition definition : definitions) {
      byName
          .computeIfAbsent(definition.name(), first -> new TreeMap<>())
          .put(definition.version(), definition);
    }
  }

  public static MetricCatalog empty() {
    return EMPTY;
  }

  /**
   * A definition, if there is one.
   *
   * @param version 0 for the newest
   */
  public Optional<MetricDefinition> find(String name, int version) {
    TreeMap<Integer, MetricDefinition> versions = byName.get(name);
    if (versions == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        version == 0 ? versions.lastEntry().getValue() : versions.get(version));
  }
}
