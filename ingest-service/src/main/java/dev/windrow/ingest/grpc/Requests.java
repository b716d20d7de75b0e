package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** How requests reach the doors: as their bytes, which the doors take apart themselves. */
final class Requests {
  static final Marshaller<byte[]> AS_BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream in) {
          try {
            return in instanceof KnownLength ? exactly(in, in.available()) : in.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private Requests() {}

  // To be asked for so many bytes without an array, a stream gathers them in small ones first.
  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    int read = in.readNBytes(bytes, 0, length);
    if (read < length) {
      throw new EOFException("a message must have " + length + " bytes, got " + read);
    }
    return bytes;
  }

  static WindrowException missing(String field) {
    return Failure.invalid(field, "is required").toException();
  }

  static Failure malformed(InvalidProtocolBufferException e) {
    return Failure.of(
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_MESSAGE",
        "the message is not protobuf of this type: " + e.getMessage(),
        Map.of());
  }
}
