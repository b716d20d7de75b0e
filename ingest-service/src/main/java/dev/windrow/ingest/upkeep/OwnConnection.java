package dev.windrow.ingest.upkeep;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A connection that is opened for one piece of work and closed after it, with which all ends that
 * the session holds.
 */
public final class OwnConnection {
  private OwnConnection() {}

  /** Works. A cancel stops the statement under way: to close alone would let it run on. */
  public static <T> Mono<T> use(
      ConnectionFactory factory, Function<PostgresqlConnection, Mono<T>> work) {
    return Mono.usingWhen(
        Mono.<Connection>from(factory.create()).cast(PostgresqlConnection.class),
        work,
        PostgresqlConnection::close,
        (connection, error) -> connection.close(),
        connection -> connection.cancelRequest().onErrorComplete().then(connection.close()));
  }
}
