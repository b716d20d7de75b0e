package dev.windrow.benchmarks.harness;

import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code AppendStream} with requests that are bytes already: the generator encodes nothing. */
final class RawAppend {
  static final MethodDescriptor<byte[], AppendStreamResponse> METHOD =
      IngestServiceGrpc.getAppendStreamMethod().toBuilder(
              new Bytes(), IngestServiceGrpc.getAppendStreamMethod().getResponseMarshaller())
          .build();

  private RawAppend() {}

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
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
