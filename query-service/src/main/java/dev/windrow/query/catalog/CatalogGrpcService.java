package dev.windrow.query.catalog;

import dev.windrow.catalog.v1.AuditEntry;
import dev.windrow.catalog.v1.CatalogServiceGrpc;
import dev.windrow.catalog.v1.CreateMetricDefinitionRequest;
import dev.windrow.catalog.v1.CreateMetricDefinitionResponse;
import dev.windrow.catalog.v1.CreateReportRequest;
import dev.windrow.catalog.v1.CreateReportResponse;
import dev.windrow.catalog.v1.GetRetentionRequest;
import dev.windrow.catalog.v1.GetRetentionResponse;
import dev.windrow.catalog.v1.ListAuditEntriesRequest;
import dev.windrow.catalog.v1.ListAuditEntriesResponse;
import dev.windrow.catalog.v1.ListFeatureFlagsRequest;
import dev.windrow.catalog.v1.ListFeatureFlagsResponse;
import dev.windrow.catalog.v1.ListRollupsRequest;
import dev.windrow.catalog.v1.ListRollupsResponse;
import dev.windrow.catalog.v1.ListSourcesRequest;
import dev.windrow.catalog.v1.ListSourcesResponse;
import dev.windrow.catalog.v1.SetFeatureFlagRequest;
import dev.windrow.catalog.v1.SetFeatureFlagResponse;
import dev.windrow.catalog.v1.Source;
import dev.windrow.query.grpc.MetricDefinitionsResponses;
import dev.windrow.query.grpc.ReportListings;
import dev.windrow.query.paging.PageOf;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.report.SelectFeatureFlags;
import dev.windrow.runtime.grpc.ReactiveCalls;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SqlFailures;
import dev.windrow.runtime.sql.WriteTransactions;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The catalogue as gRPC has it. */
public final class CatalogGrpcService extends CatalogServiceGrpc.CatalogServiceImplBase {
  private final WriteTransactions transactions;
  private final String tenant;
  private final CatalogChanges changes;
  private final Duration maxTime;

  /**
   * A service of one tenant's catalogue.
   *
   * @param maxTime for calls without a deadline, or with a later one
   */
  public CatalogGrpcService(WriteTransactions transactions, String tenant, Duration maxTime) {
    this.transactions = transactions;
    this.tenant = tenant;
    this.changes = new CatalogChanges(transactions, tenant);
    this.maxTime = maxTime;
  }

  @Override
  public void listSources(
      ListSourcesRequest request, StreamObserver<ListSourcesResponse> observer) {
    answer(
        observer,
        timeLimit ->
            Mono.fromSupplier(
                    () -> PageOf.of(request.getPageToken(), request.getPageSize(), "sources"))
                .flatMap(
                    page ->
                        read(session -> SelectSources.read(session, tenant, page))
                            .map(sources -> sources(sources, page))));
  }

  private static ListSourcesResponse sources(List<Source> sources, PageOf page) {
    return ListSourcesResponse.newBuilder()
        .addAllSources(sources)
        .setNextPageToken(
            sources.size() < page.size()
                ? ""
                : page.next(sources.get(sources.size() - 1).getName()))
        .build();
  }

  @Override
  public void listRollups(
      ListRollupsRequest request, StreamObserver<ListRollupsResponse> observer) {
    answer(
        observer,
        timeLimit ->
            read(session -> SelectAllRollups.read(session, tenant))
                .map(all -> ListRollupsResponse.newBuilder().addAllRollups(all).build()));
  }

  @Override
  public void createMetricDefinition(
      CreateMetricDefinitionRequest request,
      StreamObserver<CreateMetricDefinitionResponse> observer) {
    answer(
        observer,
        timeLimit ->
            changes
                .define(request, timeLimit)
                .map(
                    defined -> {
                      var definition = MetricDefinitionsResponses.definition(defined).toBuilder();
                      if (defined.createdMicros() == 0) {
                        definition.clearCreateTime();
                      }
                      return CreateMetricDefinitionResponse.newBuilder()
                          .setDefinition(definition)
                          .build();
                    }));
  }

  @Override
  public void createReport(
      CreateReportRequest request, StreamObserver<CreateReportResponse> observer) {
    answer(
        observer,
        timeLimit ->
            changes
                .add(request, timeLimit)
                .map(
                    added -> {
                      var report = ReportListings.report(added, MetricCatalog.empty()).toBuilder();
                      if (added.createdMicros() == 0) {
                        report.clearCreateTime();
                      }
                      return CreateReportResponse.newBuilder()
                          .setReport(
                              report
                                  .clearProblem()
                                  .setKind(request.getKind())
                                  .setSpec(request.getSpec()))
                          .build();
                    }));
  }

  @Override
  public void getRetention(
      GetRetentionRequest request, StreamObserver<GetRetentionResponse> observer) {
    answer(
        observer,
        timeLimit ->
            read(session -> SelectRetention.read(session, tenant))
                .map(tiers -> GetRetentionResponse.newBuilder().addAllTiers(tiers).build()));
  }

  @Override
  public void listFeatureFlags(
      ListFeatureFlagsRequest request, StreamObserver<ListFeatureFlagsResponse> observer) {
    answer(
        observer,
        timeLimit ->
            read(session ->
                    SelectSnapshot.read(session, tenant, timeLimit)
                        .flatMap(facts -> SelectFeatureFlags.read(session, facts.tenantId())))
                .map(
                    flags -> {
                      var response = ListFeatureFlagsResponse.newBuilder();
                      flags.settings().forEach(one -> response.addSettings(FlagMessages.of(one)));
                      return response.build();
                    }));
  }

  @Override
  public void setFeatureFlag(
      SetFeatureFlagRequest request, StreamObserver<SetFeatureFlagResponse> observer) {
    answer(
        observer,
        timeLimit ->
            changes
                .set(request, timeLimit)
                .map(
                    setting ->
                        SetFeatureFlagResponse.newBuilder()
                            .setSetting(FlagMessages.of(setting))
                            .build())
                .defaultIfEmpty(SetFeatureFlagResponse.getDefaultInstance()));
  }

  @Override
  public void listAuditEntries(
      ListAuditEntriesRequest request, StreamObserver<ListAuditEntriesResponse> observer) {
    answer(
        observer,
        timeLimit ->
            Mono.fromSupplier(() -> AuditFilter.of(request))
                .flatMap(
                    filter ->
                        read(session -> SelectAuditEntries.read(session, tenant, filter))
                            .map(entries -> entries(entries, filter.page()))));
  }

  private static ListAuditEntriesResponse entries(List<AuditEntry> entries, PageOf page) {
    return ListAuditEntriesResponse.newBuilder()
        .addAllEntries(entries)
        .setNextPageToken(
            entries.size() < page.size()
                ? ""
                : page.next(Long.toString(entries.get(entries.size() - 1).getEntryId())))
        .build();
  }

  private <T> Mono<T> read(Function<ReadSession, Mono<T>> statement) {
    return transactions.run(statement).onErrorMap(SqlFailures::translate);
  }

  private <T> void answer(StreamObserver<T> observer, Function<Duration, Mono<T>> call) {
    Duration timeLimit = ReactiveCalls.remaining(maxTime);
    ReactiveCalls.unary(Mono.defer(() -> call.apply(timeLimit)).timeout(timeLimit), observer);
  }
}
