package dev.windrow.query.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.OrderParser;
import dev.windrow.query.question.OrderTerm;
import dev.windrow.query.report.Breakdown;
import dev.windrow.query.report.Report;
import dev.windrow.query.report.ReportKind;
import dev.windrow.query.report.ReportWindow;
import dev.windrow.query.report.StoredReport;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ReportBreakdown;
import dev.windrow.query.v1.ReportSpec;
import dev.windrow.rollup.Dimension;
import dev.windrow.runtime.error.WindrowException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads a stored report; what is wrong with its row is an error that says where. */
public final class ReportSpecs {
  private static final dev.windrow.query.v1.Metric UPTIME =
      dev.windrow.query.v1.Metric.newBuilder().setDefinition("uptime").setVersion(1).build();
  private static final List<IntervalUnit> DAYS = List.of(IntervalUnit.DAY);

  private ReportSpecs() {}

  /**
   * The spec as it is stored.
   *
   * @throws IllegalArgumentException saying what is wrong with its form
   */
  public static ReportSpec parse(StoredReport stored) {
    ReportSpec.Builder spec = ReportSpec.newBuilder();
    try {
      JsonFormat.parser().merge(stored.spec(), spec);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("spec: " + e.getMessage(), e);
    }
    return spec.build();
  }

  /**
   * A report that can be run.
   *
   * @throws IllegalArgumentException saying what is wrong with its row, and where
   */
  public static Report of(StoredReport stored, MetricCatalog catalog) {
    ReportKind kind = kind(stored.kind());
    ReportSpec spec = parse(stored);
    List<Metric> metrics = metrics(kind, spec, catalog);
    List<Breakdown> breakdowns =
        each(
            "breakdowns",
            spec.getBreakdownsList(),
            Report.MAX_BREAKDOWNS,
            breakdown -> breakdown(breakdown, metrics));
    unique("breakdowns", breakdowns.stream().map(Breakdown::name).toList());
    List<ReportWindow.Named> windows =
        each("windows", spec.getWindowsList(), Report.MAX_WINDOWS, ReportSpecs::window);
    unique("windows", windows.stream().map(ReportWindow.Named::name).toList());
    if (kind == ReportKind.DAILY_HEALTH) {
      checkHealth(metrics, breakdowns);
    }
    return new Report(
        stored.name(),
        stored.version(),
        kind,
        spec.getSchemaVersion(),
        windows,
        micros(spec.getLongestWindow()),
        breakdowns,
        at("filter_dimensions", () -> dimensions(spec.getFilterDimensionsList())),
        at("base_filter", () -> RequestFields.filter(spec.getBaseFilter())),
        metrics,
        spec.getDefaultLimit(),
        spec.getMaxLimit(),
        Duration.ofSeconds(spec.getCacheTtl().getSeconds(), spec.getCacheTtl().getNanos()));
  }

  private static ReportKind kind(String name) {
    return Arrays.stream(ReportKind.values())
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "kind: must be one of "
                        + Arrays.toString(ReportKind.values())
                        + ", got "
                        + name));
  }

  private static List<Metric> metrics(ReportKind kind, ReportSpec spec, MetricCatalog catalog) {
    for (int i = 0; i < spec.getMetricsCount(); i++) {
      // Otherwise a new version of the definition would change what this version of the report
      // says.
      if (!spec.getMetrics(i).getDefinition().isEmpty() && spec.getMetrics(i).getVersion() == 0) {
        throw new IllegalArgumentException("metrics[" + i + "].version: a definition needs one");
      }
    }
    boolean isDefault = kind == ReportKind.DAILY_HEALTH && spec.getMetricsCount() == 0;
    return at("", () -> Metrics.of(isDefault ? List.of(UPTIME) : spec.getMetricsList(), catalog));
  }

  private static ReportWindow.Named window(dev.windrow.query.v1.ReportWindow window) {
    return new ReportWindow.Named(
        window.getName(), micros(window.getLength()), Questions.unit(window.getAlignTo()));
  }

  private static Breakdown breakdown(ReportBreakdown breakdown, List<Metric> metrics) {
    List<Dimension> groupBy = Questions.groupBy(breakdown.getGroupByList());
    List<Interval> intervals = breakdown.getIntervalsList();
    return new Breakdown(
        breakdown.getName(),
        groupBy,
        (intervals.isEmpty() ? Stream.of(Interval.INTERVAL_UNSPECIFIED) : intervals.stream())
            .map(Questions::unit)
            .toList(),
        order(breakdown.getOrderBy(), metrics, groupBy));
  }

  private static List<OrderTerm> order(String text, List<Metric> metrics, List<Dimension> groupBy) {
    try {
      return OrderParser.parse(text, metrics, groupBy);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("order_by: " + e.getMessage(), e);
    }
  }

  private static void checkHealth(List<Metric> metrics, List<Breakdown> breakdowns) {
    if (metrics.size() != 1 || metrics.get(0).measure() != Measure.STATUS_SHARE) {
      throw new IllegalArgumentException("metrics: daily health needs one share of statuses");
    }
    Breakdown only = breakdowns.get(0);
    if (breakdowns.size() != 1
        || !only.groupBy().equals(List.of(Dimension.ENTITY_ID))
        || !only.intervals().equals(DAYS)
        || !only.order().isEmpty()) {
      throw new IllegalArgumentException(
          "breakdowns: daily health has one, by entity_id and INTERVAL_DAY, in its own order");
    }
  }

  private static List<Dimension> dimensions(List<String> names) {
    List<Dimension> dimensions = new ArrayList<>();
    names.forEach(name -> dimensions.add(Questions.dimension("name", name)));
    return dimensions;
  }

  private static long micros(com.google.protobuf.Duration duration) {
    return duration.getSeconds() * 1_000_000 + duration.getNanos() / 1000;
  }

  private static <S, T> List<T> each(String field, List<S> stored, int most, Function<S, T> read) {
    if (stored.isEmpty() || stored.size() > most) {
      throw new IllegalArgumentException(
          field + ": must be 1 to " + most + ", got " + stored.size());
    }
    List<T> all = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      S one = stored.get(i);
      all.add(at(field + "[" + i + "]", () -> read.apply(one)));
    }
    return all;
  }

  private static void unique(String field, List<String> names) {
    Set<String> seen = new HashSet<>();
    names.forEach(
        name -> {
          if (!seen.add(name)) {
            throw new IllegalArgumentException(field + ": each name once, got " + name + " again");
          }
        });
  }

  private static <T> T at(String field, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException | WindrowException e) {
      throw new IllegalArgumentException((field.isEmpty() ? "" : field + ".") + e.getMessage(), e);
    }
  }
}
