package dev.windrow.runtime.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

class ReadPoolTest {
  private final AtomicInteger closed = new AtomicInteger();

  /** Connections that cannot be closed in order, as those of a server that has ended. */
  private final class Lost implements ConnectionFactory {
    @Override
    public Publisher<? extends Connection> create() {
      return Mono.just(
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (self, method, arguments) ->
                      switch (method.getName()) {
                        case "close" ->
                            Mono.defer(
                                () -> {
                                  closed.incrementAndGet();
                                  return Mono.error(new IllegalStateException("closed channel"));
                                });
                        case "validate" -> Mono.just(true);
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> Mono.empty();
                      }));
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
      return () -> "lost";
    }
  }

  @Test
  void pool_whoseConnectionsAreLost_closesWithoutTrouble() {
    ConnectionPool pool = ReadPool.of(new Lost(), 2);
    Connection one = Objects.requireNonNull(pool.create().block());
    Mono.from(one.close()).block();

    ReadPool.close(pool);

    assertThat(closed).hasPositiveValue();
    assertThat(pool.isDisposed()).isTrue();
  }
}
