package dev.windrow.query.fuzz;

import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.runtime.config.Settings;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Bytes as a request to the whole service over a network, of the method that the first byte
 * chooses. The database is away, so what is valid is UNAVAILABLE.
 */
public final class RequestTarget {
  private static final Set<Status.Code> CLEAN =
      EnumSet.of(
          Status.Code.OK,
          Status.Code.INVALID_ARGUMENT,
          Status.Code.FAILED_PRECONDITION,
          Status.Code.RESOURCE_EXHAUSTED,
          Status.Code.UNAVAILABLE);
  private static final List<MethodDescriptor<byte[], byte[]>> METHODS =
      QueryServiceGrpc.getServiceDescriptor().getMethods().stream()
          .filter(method -> method.getType() == MethodType.UNARY)
          .map(RequestTarget::ofBytes)
          .toList();
  private static final ManagedChannel CHANNEL = channel();
  private static final int PATIENCE_SECONDS = 60;

  private RequestTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    var method = METHODS.get((data[0] & 0xff) % METHODS.size());
    Status.Code code = send(method, Arrays.copyOfRange(data, 1, data.length));
    if (!CLEAN.contains(code)) {
      throw new AssertionError(code + " from " + method.getFullMethodName());
    }
  }

  private static Status.Code send(MethodDescriptor<byte[], byte[]> method, byte[] request) {
    try {
      ClientCalls.blockingUnaryCall(
          CHANNEL,
          method,
          CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
          request);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  // As long as the process lives.
  private static ManagedChannel channel() {
    QueryServer server =
        new QueryServer(
            QueryConfig.from(
                new Settings(
                    Map.of(
                        "WINDROW_PORT", "0",
                        "WINDROW_METRICS_PORT", "0",
                        // Nobody listens there.
                        "WINDROW_DB_PORT", "1",
                        "WINDROW_DB_POOL_SIZE", "1"))));
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return NettyChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
  }

  private static MethodDescriptor<byte[], byte[]> ofBytes(MethodDescriptor<?, ?> method) {
    Marshaller<byte[]> bytes = new Bytes();
    return method.toBuilder(bytes, bytes).build();
  }

  private static final class Bytes implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
