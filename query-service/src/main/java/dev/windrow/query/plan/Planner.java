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

/** Chooses how a question is answered. Pure: the same question and catalog give the same plan. */
public final class Planner {
  private Planner() {}

  /**
   * The cheapest plan by {@link CostRule}; of equals, that of the rollup declared first.
   *
   * @param catalog with at least {@link CatalogScope#ofPlan}
   */
  public static WindowPlan plan(Question question, RollupCatalog catalog) {
    if (question.window().isEmpty()) {
      return raw(question, "the window is empty");
    }
    Set<Dimension> needed = question.neededDimensions();
    List<ActiveRollup> covering = catalog.covering(needed);
    if (covering.isEmpty()) {
      return raw(question, noRollup(needed, catalog));
    }
    return covering.stream()
        .map(rollup -> of(question, rollup, rollup.definition().grains()))
        .min(Comparator.comparingDouble(CostRule::cost))
        .orElseThrow();
  }

  /**
   * Every plan that must give the same answer: each covering rollup with each choice of its grains,
   * and raw events alone.
   *
   * @param catalog with {@link CatalogScope#ofLegalPlans}
   */
  public static List<WindowPlan> legalPlans(Question question, RollupCatalog catalog) {
    List<WindowPlan> plans = new ArrayList<>();
    for (ActiveRollup rollup : catalog.covering(question.neededDimensions())) {
      for (Set<Grain> grains : choices(rollup.definition().grains())) {
        plans.add(of(question, rollup, grains));
      }
    }
    plans.add(raw(question, "asked for"));
    return plans;
  }

  private static WindowPlan of(Question question, ActiveRollup rollup, Set<Grain> grains) {
    RollupDefinition definition = rollup.definition();
    List<Segment> segments = WindowCover.of(question.intervals(), grains, rollup.coarse());
    if (segments.stream().allMatch(segment -> segment.tier() == Tier.RAW)) {
      return raw(
          question,
          "no whole "
              + definition.finest().sqlName()
              + " that rollup "
              + definition.name()
              + " keeps lies within a stretch of the window");
    }
    return WindowPlan.of(definition, segments, rollup.unfolded());
  }

  private static WindowPlan raw(Question question, String reason) {
    return WindowPlan.raw(
        reason, WindowCover.of(question.intervals(), Set.of(), CoarseSpans.none()));
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
