package dev.windrow.ingest.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;

/** What is kept, the finest first, and how its table is divided. */
enum Tier {
  /** UTC days of events. */
  RAW("events", "yyyyMMdd", ChronoUnit.DAYS),
  /** Months of minute buckets. */
  MINUTE("rollup_buckets_minute", "yyyyMM", ChronoUnit.MONTHS),
  /** Years of hour buckets. */
  HOUR("rollup_buckets_hour", "yyyy", ChronoUnit.YEARS),
  /** Day buckets are one table. */
  DAY("rollup_buckets_day", "", ChronoUnit.FOREVER);

  private final String table;
  private final String digits;
  private final ChronoUnit unit;

  Tier(String table, String digits, ChronoUnit unit) {
    this.table = table;
    this.digits = digits;
    this.unit = unit;
  }

  /** As {@code retention_horizons} has it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The table whose partitions go. */
  String table() {
    return table;
  }

  /** The names of its partitions. */
  String pattern() {
    return "^" + table + "_[0-9]{" + digits.length() + "}$";
  }

  /** The partition's name. Made of the digits of a date and nothing else. */
  String nameOf(LocalDate begin) {
    return table + "_" + DateTimeFormatter.ofPattern(digits, Locale.ROOT).format(begin);
  }

  /** The first day of the partition with this name, which matches {@link #pattern}. */
  LocalDate begin(String name) {
    String given = name.substring(table.length() + 1);
    // The digits of a whole date: what the name leaves out begins with 1.
    String whole = given + "00000101".substring(given.length());
    return LocalDate.parse(whole, DateTimeFormatter.BASIC_ISO_DATE);
  }

  /** Where the partition that begins with this day ends. */
  Instant end(LocalDate begin) {
    return begin.plus(1, unit).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** The tiers whose partitions can be dropped. */
  static Tier[] divided() {
    return Arrays.stream(values()).filter(tier -> tier != DAY).toArray(Tier[]::new);
  }

  static Tier parse(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
