package dev.windrow.query.read;

import io.r2dbc.spi.Row;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the columns of a row by place; what may be null is said by the name. */
final class Columns {
  private Columns() {}

  static int integer(Row row, int index) {
    return required(row, index, Integer.class);
  }

  static long bigint(Row row, int index) {
    return required(row, index, Long.class);
  }

  static boolean bool(Row row, int index) {
    return required(row, index, Boolean.class);
  }

  static String text(Row row, int index) {
    return required(row, index, String.class);
  }

  static BigDecimal numeric(Row row, int index) {
    return required(row, index, BigDecimal.class);
  }

  static <T> T[] array(Row row, int index, Class<T[]> type) {
    return required(row, index, type);
  }

  static @Nullable Double nullableReal(Row row, int index) {
    return row.get(index, Double.class);
  }

  static @Nullable Long nullableBigint(Row row, int index) {
    return row.get(index, Long.class);
  }

  static byte @Nullable [] nullableBytes(Row row, int index) {
    return row.get(index, byte[].class);
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type), "column " + index + ": must not be null");
  }
}
