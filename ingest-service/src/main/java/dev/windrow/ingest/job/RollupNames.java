package dev.windrow.ingest.job;

import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.recompute.FindLeftRows;
import dev.windrow.ingest.recompute.FindRollup;
import dev.windrow.ingest.recompute.TakeRunId;
import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** The rollups of a tenant by what people call them, and the numbers of runs. */
final class RollupNames {
  private final ConnectionFactory factory;
  private final int tenantId;

  RollupNames(ConnectionFactory factory, int tenantId) {
    this.factory = factory;
    this.tenantId = tenantId;
  }

  /** That of a name, wherever in its life it is; empty if there is and was none. */
  Mono<FindRollup.Found> find(String name) {
    return connected(connection -> FindRollup.run(connection, tenantId, name));
  }

  /** Whether anything is stored of one. */
  Mono<Boolean> hasRows(int rollupId) {
    return connected(connection -> FindLeftRows.run(connection, tenantId, rollupId));
  }

  /** The ids by name of those that events are folded into. */
  private Mono<Map<String, Integer>> there() {
    return connected(connection -> LoadRollups.folded(connection, tenantId))
        .map(
            all ->
                all.stream()
                    .collect(Collectors.toMap(RollupDefinition::name, RollupDefinition::id)));
  }

  /** The ids of these; none for all. NOT_FOUND if one is not there. */
  Mono<Set<Integer>> ids(List<String> names) {
    return there()
        .map(
            there -> {
              Set<Integer> wanted = new HashSet<>();
              for (String name : names) {
                Integer id = there.get(name);
                if (id == null) {
                  throw unknown(name, there.keySet());
                }
                wanted.add(id);
              }
              return wanted;
            });
  }

  private static RuntimeException unknown(String name, Set<String> there) {
    String allowed = there.stream().sorted().collect(Collectors.joining("; "));
    return Failure.of(
            Status.Code.NOT_FOUND,
            "UNKNOWN_ROLLUP",
            "rollup: must be one of " + allowed + ", got " + name,
            Map.of("rollup", name, "allowed", allowed))
        .toException();
  }

  /** The number of a new run. */
  Mono<Long> runId() {
    return connected(TakeRunId::run);
  }

  private <T> Mono<T> connected(Function<Connection, Mono<T>> work) {
    return OwnConnection.use(factory, work::apply);
  }
}
