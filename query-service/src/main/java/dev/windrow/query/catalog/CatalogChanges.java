package dev.windrow.query.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.catalog.v1.CreateMetricDefinitionRequest;
import dev.windrow.catalog.v1.CreateReportRequest;
import dev.windrow.catalog.v1.SetFeatureFlagRequest;
import dev.windrow.query.grpc.Metrics;
import dev.windrow.query.grpc.ReportSpecs;
import dev.windrow.query.grpc.RequestFields;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricDefinition;
import dev.windrow.query.read.SelectMetricDefinitions;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.report.Catalogue;
import dev.windrow.query.report.FeatureFlags;
import dev.windrow.query.report.StoredCatalogue;
import dev.windrow.query.report.StoredReport;
import dev.windrow.query.sql.JsonText;
import dev.windrow.query.v1.ReportKind;
import dev.windrow.query.v1.ReportSpec;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SqlFailures;
import dev.windrow.runtime.sql.WriteTransactions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/** Changes the catalogue of a tenant. Errors are as callers may see them. */
final class CatalogChanges {
  private static final Pattern METRIC_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final Pattern REPORT_NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final int MAX_TITLE = 200;
  private static final int MAX_DESCRIPTION = 2_000;

  private final WriteTransactions transactions;
  private final String tenant;

  CatalogChanges(WriteTransactions transactions, String tenant) {
    this.transactions = transactions;
    this.tenant = tenant;
  }

  /** The definition that is wanted; of one that is only looked at, the time is 0. */
  Mono<MetricDefinition> define(CreateMetricDefinitionRequest request, Duration timeLimit) {
    return Mono.defer(
        () -> {
          String name = name(METRIC_NAME, "_", request.getName());
          if (!request.hasMetric()) {
            throw Failure.invalid("metric", "is required").toException();
          }
          Metric metric = Metrics.undefined("metric", request.getMetric());
          String description = text("description", request.getDescription(), MAX_DESCRIPTION);
          return changed(
              timeLimit,
              (session, tenantId) ->
                  SelectMetricDefinitions.read(session, tenantId)
                      .flatMap(
                          all ->
                              define(session, tenantId, all, request, name, metric, description)));
        });
  }

  private static Mono<MetricDefinition> define(
      ReadSession session,
      int tenantId,
      List<MetricDefinition> all,
      CreateMetricDefinitionRequest request,
      String name,
      Metric metric,
      String description) {
    Versions<MetricDefinition> versions = new Versions<>(name);
    all.stream()
        .filter(definition -> definition.name().equals(name))
        .forEach(definition -> versions.add(definition.version(), definition));
    int next = versions.next();
    return versions
        .same(
            request.getVersion(),
            stored ->
                stored.metric().equals(metric.defined(name, stored.version()))
                    && stored.description().equals(description))
        .map(Mono::just)
        .orElseGet(
            () ->
                (request.getValidateOnly()
                        ? Mono.just(0L)
                        : InsertMetricDefinition.run(
                            session, tenantId, name, next, metric, description))
                    .map(
                        at ->
                            new MetricDefinition(
                                name, next, metric.defined(name, next), description, at)));
  }

  /** The report that is wanted; of one that is only looked at, the time is 0. */
  Mono<StoredReport> add(CreateReportRequest request, Duration timeLimit) {
    return Mono.defer(
        () -> {
          StoredReport wanted =
              new StoredReport(
                  name(REPORT_NAME, "-", request.getName()),
                  0,
                  kind(request.getKind()),
                  text("title", request.getTitle(), MAX_TITLE),
                  text("description", request.getDescription(), MAX_DESCRIPTION),
                  json(request.getSpec()),
                  0);
          return changed(
              timeLimit,
              (session, tenantId) ->
                  StoredCatalogue.read(session, tenantId)
                      .flatMap(catalogue -> add(session, tenantId, catalogue, request, wanted)));
        });
  }

  private static Mono<StoredReport> add(
      ReadSession session,
      int tenantId,
      Catalogue catalogue,
      CreateReportRequest request,
      StoredReport wanted) {
    check(wanted, catalogue);
    Versions<StoredReport> versions = new Versions<>(wanted.name());
    catalogue.reports().stream()
        .filter(report -> report.name().equals(wanted.name()))
        .forEach(report -> versions.add(report.version(), report));
    int next = versions.next();
    return versions
        .same(request.getVersion(), stored -> saysTheSame(stored, wanted, request.getSpec()))
        .map(Mono::just)
        .orElseGet(
            () -> {
              StoredReport added =
                  new StoredReport(
                      wanted.name(),
                      next,
                      wanted.kind(),
                      wanted.title(),
                      wanted.description(),
                      wanted.spec(),
                      0);
              return request.getValidateOnly()
                  ? Mono.just(added)
                  : InsertReport.run(session, tenantId, added);
            });
  }

  /** The setting that is wanted; empty if there is none any more. */
  Mono<FeatureFlags.Setting> set(SetFeatureFlagRequest request, Duration timeLimit) {
    return Mono.defer(
        () -> {
          FeatureFlags.Flag flag = FlagMessages.flag(request.getFlag());
          String report = request.getReport();
          return changed(
              timeLimit,
              (session, tenantId) ->
                  StoredCatalogue.read(session, tenantId)
                      .flatMap(
                          catalogue -> {
                            if (!report.isEmpty()) {
                              catalogue.find(report, 0);
                            }
                            return request.hasEnabled()
                                ? SaveFeatureFlag.run(
                                    session, tenantId, flag, report, request.getEnabled())
                                : SaveFeatureFlag.delete(session, tenantId, flag, report)
                                    .then(Mono.<FeatureFlags.Setting>empty());
                          }));
        });
  }

  private static void check(StoredReport wanted, Catalogue catalogue) {
    try {
      ReportSpecs.of(wanted, catalogue.metrics());
    } catch (IllegalArgumentException e) {
      throw Failure.invalid("spec", String.valueOf(e.getMessage())).toException(e);
    }
  }

  private static boolean saysTheSame(StoredReport stored, StoredReport wanted, ReportSpec spec) {
    try {
      return stored.kind().equals(wanted.kind())
          && stored.title().equals(wanted.title())
          && stored.description().equals(wanted.description())
          && ReportSpecs.parse(stored).equals(spec);
    } catch (IllegalArgumentException e) {
      // A row that makes no sense says something else.
      return false;
    }
  }

  private <T> Mono<T> changed(
      Duration timeLimit, BiFunction<ReadSession, Integer, Mono<T>> change) {
    return transactions
        .run(
            session ->
                LockChanges.run(session, tenant)
                    .then(Mono.defer(() -> SelectSnapshot.read(session, tenant, timeLimit)))
                    .flatMap(facts -> change.apply(session, facts.tenantId())))
        .onErrorMap(SqlFailures::translate);
  }

  private static String name(Pattern pattern, String also, String name) {
    if (!pattern.matcher(name).matches()) {
      throw Failure.invalid(
              "name",
              "must be a small letter, then small letters, digits and "
                  + also
                  + ", at most 63, got '"
                  + name
                  + "'")
          .toException();
    }
    return name;
  }

  private static String text(String field, String text, int most) {
    if (text.isBlank() || text.length() > most) {
      throw Failure.invalid(field, "must be 1 to " + most + " characters, and not only spaces")
          .toException();
    }
    return RequestFields.storable(field, text);
  }

  private static String kind(ReportKind kind) {
    return switch (kind) {
      case REPORT_KIND_SUMMARY -> "SUMMARY";
      case REPORT_KIND_DAILY_HEALTH -> "DAILY_HEALTH";
      case REPORT_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw Failure.invalid("kind", "must be one of those declared").toException();
    };
  }

  private static String json(ReportSpec spec) {
    try {
      String json = JsonFormat.printer().omittingInsignificantWhitespace().print(spec);
      if (!JsonText.isStorable(json)) {
        throw Failure.invalid("spec", "must not contain U+0000").toException();
      }
      return json;
    } catch (InvalidProtocolBufferException e) {
      throw Failure.invalid("spec", "must have a JSON form").toException(e);
    }
  }
}
