package dev.windrow.query.plan;

import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses how a question is answered. Pure: the same question, catalog and statistics give the same
 * plan.
 */
public final class Planner {
  private Planner() {}

  /**
   * The cheapest plan by {@link CostRule}; of equals the one that is cheapest where nothing is
   * known, then that of the rollup with the fewest dimensions, then that of the one declared first.
   * Raw events alone answer only if no rollup can: an estimate that is too low must not turn an
   * answer into a refusal.
   *
   * @param question of a {@link KeptWindow}
   * @param catalog with at least {@link CatalogScope#ofPlan}
   */
  public static PlanChoice choose(
      Question question, RollupCatalog catalog, StoreStatistics statistics) {
    return choose(question, catalog, statistics, Disturbance.none());
  }

  /** Likewise, as of an earlier snapshot than the catalog's. */
  public static PlanChoice choose(
      Question question,
      RollupCatalog catalog,
      StoreStatistics statistics,
      Disturbance disturbance) {
    if (question.window().isEmpty()) {
      return only(question, raw(question, "the window is empty", disturbance), statistics);
    }
    Set<Dimension> needed = question.neededDimensions();
    List<ActiveRollup> covering = catalog.covering(needed);
    if (covering.isEmpty()) {
      return only(question, raw(question, noRollup(needed, catalog), disturbance), statistics);
    }
    List<WindowPlan> plans =
        covering.stream()
            .map(rollup -> of(question, rollup, rollup.definition().grains(), disturbance, catalog))
            .filter(plan -> answersAll(plan, catalog))
            .toList();
    if (plans.isEmpty()) {
      return only(
          question, raw(question, "what rollups keep is too coarse", disturbance), statistics);
    }
    List<RatedPlan> rated =
        plans.stream()
            .filter(plan -> plan.rollup().isPresent())
            .map(plan -> rated(question, plan, statistics))
            .sorted(byCost(question))
            .collect(Collectors.toCollection(ArrayList::new));
    if (rated.isEmpty()) {
      return only(question, plans.get(0), statistics);
    }
    WindowPlan raw = raw(question, "asked for", disturbance);
    if (answersAll(raw, catalog)) {
      rated.add(rated(question, raw, statistics));
    }
    return new PlanChoice(rated.get(0), rated.subList(1, rated.size()));
  }

  /**
   * Every plan that must give the same answer: each covering rollup with each choice of its grains,
   * and raw events alone, as far as what it needs is kept.
   *
   * @param question of a {@link KeptWindow}
   * @param catalog with {@link CatalogScope#ofLegalPlans}
   */
  public static List<WindowPlan> legalPlans(Question question, RollupCatalog catalog) {
    return legalPlans(question, catalog, Disturbance.none());
  }

  /** Likewise, as of an earlier snapshot than the catalog's. */
  public static List<WindowPlan> legalPlans(
      Question question, RollupCatalog catalog, Disturbance disturbance) {
    List<WindowPlan> plans = new ArrayList<>();
    for (ActiveRollup rollup : catalog.covering(question.neededDimensions())) {
      for (Set<Grain> grains : choices(rollup.definition().grains())) {
        plans.add(of(question, rollup, grains, disturbance, catalog));
      }
    }
    plans.add(raw(question, "asked for", disturbance));
    plans.removeIf(plan -> !answersAll(plan, catalog));
    return plans;
  }

  /**
   * Raw events alone, for what only they can tell: their order, or values next to a status.
   *
   * @param reason why no rollup answers
   */
  public static PlanChoice rawOnly(Question question, String reason, StoreStatistics statistics) {
    return rawOnly(question, reason, statistics, Disturbance.none());
  }

  /** Likewise, as of an earlier snapshot. */
  public static PlanChoice rawOnly(
      Question question, String reason, StoreStatistics statistics, Disturbance disturbance) {
    return only(question, raw(question, reason, disturbance), statistics);
  }

  private static PlanChoice only(Question question, WindowPlan plan, StoreStatistics statistics) {
    return new PlanChoice(rated(question, plan, statistics), List.of());
  }

  private static RatedPlan rated(Question question, WindowPlan plan, StoreStatistics statistics) {
    return new RatedPlan(plan, CostRule.estimate(question, plan, statistics));
  }

  private static Comparator<RatedPlan> byCost(Question question) {
    return Comparator.<RatedPlan>comparingLong(rated -> rated.estimate().cost())
        .thenComparingLong(
            rated -> rated(question, rated.plan(), StoreStatistics.unknown()).estimate().cost())
        .thenComparingInt(rated -> rated.plan().rollup().orElseThrow().dimensions().size());
  }

  private static boolean answersAll(WindowPlan plan, RollupCatalog catalog) {
    return KeptWindow.gone(plan.segments(), catalog.horizons()).isEmpty();
  }

  private static WindowPlan of(
      Question question,
      ActiveRollup rollup,
      Set<Grain> grains,
      Disturbance disturbance,
      RollupCatalog catalog) {
    RollupDefinition definition = rollup.definition();
    List<Segment> segments =
        WindowCover.of(
            question.intervals(), grains, rollup.coarse(), disturbance, catalog.horizons());
    if (segments.stream().allMatch(segment -> segment.tier() == Tier.RAW)) {
      return raw(
          question,
          "no whole "
              + definition.finest().sqlName()
              + " that rollup "
              + definition.name()
              + " keeps lies within a stretch of the window"
              + (disturbance.isNone() ? "" : " that no later batch touches"),
          disturbance);
    }
    return WindowPlan.of(definition, segments, rollup.unfolded(), disturbance);
  }

  private static WindowPlan raw(Question question, String reason, Disturbance disturbance) {
    return WindowPlan.raw(
        reason,
        WindowCover.of(
            question.intervals(),
            Set.of(),
            CoarseSpans.none(),
            Disturbance.none(),
            Horizons.none()),
        disturbance);
  }

  private static String noRollup(Set<Dimension> needed, RollupCatalog catalog) {
    List<Dimension> unknown = catalog.unknown(needed);
    return unknown.isEmpty()
        ? "no rollup has all of " + names(needed)
        : "no rollup has " + names(unknown);
  }

  private static String names(Iterable<Dimension> dimensions) {
    List<String> names = new ArrayList<>();
    dimensions.forEach(dimension -> names.add(dimension.name()));
    return names.stream().collect(Collectors.joining(", "));
  }

  private static List<Set<Grain>> choices(Set<Grain> grains) {
    List<Grain> all = List.copyOf(grains);
    List<Set<Grain>> choices = new ArrayList<>();
    for (int bits = 1; bits < 1 << all.size(); bits++) {
      Set<Grain> choice = EnumSet.noneOf(Grain.class);
      for (int i = 0; i < all.size(); i++) {
        if ((bits & 1 << i) != 0) {
          choice.add(all.get(i));
        }
      }
      choices.add(choice);
    }
    return choices;
  }
}
