package dev.windrow.benchmarks.harness;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/**
 * {@code AppendStream} with requests whose events are bytes already: of a request the generator
 * encodes nothing but who sends it.
 */
final class RawAppend {
  static final MethodDescriptor<Request, AppendStreamResponse> METHOD =
      IngestServiceGrpc.getAppendStreamMethod().toBuilder(
              new Bytes(), IngestServiceGrpc.getAppendStreamMethod().getResponseMarshaller())
          .build();

  private RawAppend() {}

  /**
   * A message and its producer.
   *
   * @param producerId empty if it has no name; then the message has no number either
   */
  record Request(Message message, String producerId, long sequence) {
    private InputStream stream() throws IOException {
      byte[] events = message.bytes();
      AppendRequest.Builder from = AppendRequest.newBuilder();
      if (!producerId.isEmpty()) {
        from.setProducerId(producerId).setSequence(sequence);
      }
      byte[] producer = from.build().toByteArray();
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(head);
      out.writeTag(AppendStreamRequest.APPEND_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(events.length + producer.length);
      out.flush();
      return new SequenceInputStream(
          Collections.enumeration(
              List.of(
                  new ByteArrayInputStream(head.toByteArray()),
                  new ByteArrayInputStream(events),
                  new ByteArrayInputStream(producer))));
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<Request> {
    @Override
    public InputStream stream(Request request) {
      try {
        return request.stream();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Request parse(InputStream stream) {
      throw new UnsupportedOperationException("requests are sent, not received");
    }
  }
}
