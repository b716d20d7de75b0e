package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.LoadEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes rows of the reference table for binary COPY. */
final class CopyRows {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  // PostgreSQL counts from 2000-01-01.
  private static final long EPOCH_MICROS = 946_684_800_000_000L;
  private static final int COLUMNS = 13;
  private static final int TENANT = 1;
  private static final int JSONB_VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 21);
  private final DataOutputStream out = new DataOutputStream(bytes);

  private CopyRows() {}

  /** A frame for each batch, complete with header and trailer. */
  static List<byte[]> encode(Iterator<LoadEvent> events, int perBatch) {
    CopyRows rows = new CopyRows();
    List<byte[]> frames = new ArrayList<>();
    try {
      while (events.hasNext()) {
        frames.add(rows.frame(events, perBatch, frames.size() + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames;
  }

  private byte[] frame(Iterator<LoadEvent> events, int perBatch, long batchId) throws IOException {
    bytes.reset();
    out.write(SIGNATURE);
    out.writeInt(0); // flags
    out.writeInt(0); // no header extension
    for (int i = 0; i < perBatch && events.hasNext(); i++) {
      row(events.next(), batchId, i);
    }
    out.writeShort(-1);
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
