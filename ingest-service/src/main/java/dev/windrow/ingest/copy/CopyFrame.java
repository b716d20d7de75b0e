package dev.windrow.ingest.copy;

/**
 * Rows for one COPY, in one growing heap array: the driver's COPY is only safe against errors and
 * cancels when it gets one heap frame per batch. Not for several threads.
 */
public final class CopyFrame extends CopyFields {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };

  private int rows;

  public CopyFrame() {
    super(1 << 16);
    clear();
  }

  /** Forgets the rows and keeps the memory. */
  public void clear() {
    truncate(0);
    rows = 0;
    raw(SIGNATURE, 0, SIGNATURE.length);
    int32(0);
    int32(0);
  }

  public int rows() {
    return rows;
  }

  /** The bytes of the frame, ended; the array is this frame's own until {@link #clear}. */
  public byte[] end() {
    int16(-1);
    return bytes();
  }

  @Override
  public void row(int columns) {
    rows++;
    super.row(columns);
  }

  /** Adds a row that was written elsewhere. */
  public int rowOf(byte[] from, int at, int count) {
    int start = length();
    rows++;
    raw(from, at, count);
    return start;
  }
}
