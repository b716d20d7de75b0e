package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.LoadEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Encodes rows of the reference table for binary COPY. */
final class CopyRows {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int HEADER_BYTES = SIGNATURE.length + 2 * Integer.BYTES;
  // PostgreSQL counts from 2000-01-01.
  private static final long EPOCH_MICROS = 946_684_800_000_000L;
  private static final int COLUMNS = 13;
  private static final int TENANT = 1;
  private static final int JSONB_VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 21);
  private final DataOutputStream out = new DataOutputStream(bytes);

  private CopyRows() {}

  /** A frame for each batch. */
  static List<byte[]> encodeFrames(Iterator<LoadEvent> events, int perBatch) {
    return encode(events, perBatch, rows -> frame(List.of(rows)));
  }

  /** The bare rows of each batch, of which {@link #frame} makes what COPY takes. */
  static List<byte[]> encodeRows(Iterator<LoadEvent> events, int perBatch) {
    return encode(events, perBatch, rows -> rows);
  }

  /** The rows of some batches between header and trailer. */
  static byte[] frame(List<byte[]> batches) {
    int length = HEADER_BYTES + Short.BYTES + batches.stream().mapToInt(rows -> rows.length).sum();
    // No flags and no extension of the header: what is left out is 0.
    ByteBuffer frame = ByteBuffer.allocate(length).put(SIGNATURE).position(HEADER_BYTES);
    batches.forEach(frame::put);
    return frame.putShort((short) -1).array();
  }

  private static List<byte[]> encode(
      Iterator<LoadEvent> events, int perBatch, UnaryOperator<byte[]> form) {
    CopyRows rows = new CopyRows();
    List<byte[]> batches = new ArrayList<>();
    try {
      while (events.hasNext()) {
        batches.add(form.apply(rows.batch(events, perBatch, batches.size() + 1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return batches;
  }

  private byte[] batch(Iterator<LoadEvent> events, int perBatch, long batchId) throws IOException {
    bytes.reset();
    for (int i = 0; i < perBatch && events.hasNext(); i++) {
      row(events.next(), batchId, i);
    }
    return bytes.toByteArray();
  }

  private void row(LoadEvent event, long batchId, int batchIndex) throws IOException {
    out.writeShort(COLUMNS);
    int32(TENANT);
    int64(event.occurredAtMicros() - EPOCH_MICROS);
    int64(batchId);
    int32(batchIndex);
    text(event.source());
    text(event.type());
    text(event.entityId());
    text(event.status());
    int64(Double.doubleToRawLongBits(event.value()));
    int64(event.amount());
    String destination = event.destination();
    jsonb(destination == null ? null : "{\"destination\":\"" + destination + "\"}");
    jsonb(event.payload() == null ? null : event.payload().json());
    out.writeInt(-1); // no event_id
  }

  private void int32(int value) throws IOException {
    out.writeInt(4);
    out.writeInt(value);
  }

  private void int64(long value) throws IOException {
    out.writeInt(8);
    out.writeLong(value);
  }

  private void text(String value) throws IOException {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private void jsonb(@Nullable String value) throws IOException {
    if (value == null) {
      out.writeInt(-1);
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length + 1);
    out.write(JSONB_VERSION);
    out.write(utf8);
  }
}
