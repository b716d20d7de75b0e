package dev.windrow.ingest.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.rollup.RollupKey;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class CopyFrameIT {
  private static final int COLUMNS = 11;
  private static final int ROWS = 2000;
  // What a frame writes is read back by a driver that has no code in common with it.
  private static final String TABLE =
      """
      CREATE TABLE frame_rows (
        id integer PRIMARY KEY, small smallint, whole integer, big bigint, real double precision,
        exact numeric, body text, list text[], doc json, raw bytea, at timestamptz)
      """;
  private static final String COPY =
      """
      COPY frame_rows (id, small, whole, big, real, exact, body, list, doc, raw, at)
      FROM STDIN (FORMAT binary)
      """;
  // In an order of its own, doc as what its one member decodes to.
  private static final String READ =
      """
      SELECT id, small, whole, big, real, exact, numeric_send(exact) AS sent, body, list, doc ->> 'k' AS doc, raw, at
      FROM frame_rows ORDER BY id
      """;

  private static final List<BigDecimal> EDGE_NUMBERS = edgeNumbers();
  private static final List<Double> EDGE_DOUBLES =
      List.of(
          0.0,
          -0.0,
          Double.MIN_VALUE,
          -Double.MIN_VALUE,
          Double.MIN_NORMAL,
          Math.nextDown(Double.MIN_NORMAL),
          Double.MAX_VALUE,
          -Double.MAX_VALUE,
          0.1,
          1.0 / 3);
  private static final List<Instant> EDGE_TIMES =
      List.of(
          Instant.EPOCH,
          Instant.EPOCH.minus(1, ChronoUnit.MICROS),
          Instant.parse("1900-01-01T00:00:00Z"),
          Instant.parse("1969-12-31T23:59:59.999999Z"),
          Instant.parse("1999-12-31T23:59:59.999999Z"),
          Instant.parse("2000-01-01T00:00:00Z"),
          Instant.parse("2000-01-01T00:00:00.000001Z"),
          Instant.parse("9999-12-31T23:59:59.999999Z"));

  private static TestDatabase database;

  /** One row as it goes in and as it must come out. */
  private record Row(
      int small,
      int whole,
      @Nullable Long big,
      @Nullable Double real,
      BigDecimal exact,
      @Nullable String body,
      List<String> list,
      @Nullable String doc,
      String hex,
      Instant at) {}

  @BeforeAll
  static void create() throws Exception {
    database = TestDatabase.create();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  @AfterAll
  static void drop() {
    database.close();
  }

  @Test
  void copy_ofRandomRows_givesBackExactlyWhatWentIn() throws Exception {
    long seed = System.nanoTime();
    List<Row> rows = rows(new Random(seed));

    List<Row> stored = copy(rows);

    assertThat(stored).as("seed %d", seed).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertSame(rows.get(i), stored.get(i), "seed " + seed + ", row " + i);
    }
  }

  @Test
  void copy_afterClear_holdsOnlyTheNewRows() throws Exception {
    CopyFrame frame = new CopyFrame();
    appendId(frame, 1);
    frame.end();
    frame.clear();
    appendId(frame, 2);

    long copied = send("COPY cleared_rows (id) FROM STDIN (FORMAT binary)", frame);

    assertThat(copied).isEqualTo(1);
    assertThat(frame.rows()).isEqualTo(1);
    assertThat(first("SELECT id FROM cleared_rows")).isEqualTo(2);
  }

  @Test
  void copy_ofAFrameWithoutRows_isTaken() throws Exception {
    long copied = send("COPY no_rows (id) FROM STDIN (FORMAT binary)", new CopyFrame());

    assertThat(copied).isZero();
  }

  @Test
  void copy_ofAFieldLargerThanTheFirstBuffer_growsTheFrame() throws Exception {
    String large = "\uD834\uDD1E".repeat(100_000);
    CopyFrame frame = new CopyFrame();
    frame.row(1);
    frame.textField(large);

    send("COPY large_rows (body) FROM STDIN (FORMAT binary)", frame);

    assertThat(first("SELECT length(body) FROM large_rows")).isEqualTo(100_000);
    assertThat(first("SELECT octet_length(body) FROM large_rows")).isEqualTo(400_000);
  }

  private static void appendId(CopyFrame frame, int id) {
    frame.row(1);
    frame.integerField(id);
  }

  /** Makes the table that {@code copy} names and sends the frame to it. */
  private static long send(String copy, CopyFrame frame) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS cleared_rows (id integer)");
      statement.execute("CREATE TABLE IF NOT EXISTS no_rows (id integer)");
      statement.execute("CREATE TABLE IF NOT EXISTS large_rows (body text)");
      return send(connection, copy, frame);
    }
  }

  private static long send(Connection connection, String copy, CopyFrame frame) throws Exception {
    byte[] bytes = frame.end();
    return connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn(copy, new ByteArrayInputStream(bytes, 0, frame.length()));
  }

  private static int first(String sql) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }

  private static List<Row> copy(List<Row> rows) throws Exception {
    CopyFrame frame = new CopyFrame();
    for (int i = 0; i < rows.size(); i++) {
      append(frame, i, rows.get(i));
    }
    List<Row> stored = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      send(connection, COPY, frame);
      try (ResultSet row = statement.executeQuery(READ)) {
        while (row.next()) {
          stored.add(read(row));
        }
      }
    }
    return stored;
  }

  private static void append(CopyFrame frame, int id, Row row) {
    frame.row(COLUMNS);
    frame.integerField(id);
    frame.smallintField(row.small());
    frame.integerField(row.whole());
    frame.bigintField(row.big());
    frame.doubleField(row.real());
    frame.numericField(row.exact());
    frame.textField(row.body());
    frame.textArrayField(RollupKey.of(row.list()));
    frame.textField(row.doc() == null ? null : "{\"k\":\"" + row.doc() + "\"}");
    frame.byteaField(HexFormat.of().parseHex(row.hex()));
    frame.timestampField(
        row.at().getLong(ChronoField.INSTANT_SECONDS) * 1_000_000
            + row.at().get(ChronoField.MICRO_OF_SECOND));
  }

  private static Row read(ResultSet row) throws Exception {
    assertThat(NumericDigits.read(ByteBuffer.wrap(row.getBytes("sent"))))
        .isEqualTo(row.getBigDecimal("exact"));
    return new Row(
        row.getShort("small"),
        row.getInt("whole"),
        row.getObject("big", Long.class),
        row.getObject("real", Double.class),
        row.getBigDecimal("exact"),
        row.getString("body"),
        Arrays.asList((String[]) row.getArray("list").getArray()),
        row.getString("doc"),
        HexFormat.of().formatHex(row.getBytes("raw")),
        row.getObject("at", OffsetDateTime.class).toInstant());
  }

  private static void assertSame(Row expected, Row actual, String where) {
    assertThat(actual.exact()).as(where).isEqualByComparingTo(expected.exact());
    assertThat(actual.exact().scale()).as(where).isEqualTo(expected.exact().scale());
    assertThat(bits(actual.real())).as(where).isEqualTo(bits(expected.real()));
    assertThat(without(actual)).as(where).isEqualTo(without(expected));
  }

  private static @Nullable Long bits(@Nullable Double value) {
    return value == null ? null : (Long) Double.doubleToRawLongBits(value);
  }

  /** The columns whose equality is that of their Java types. */
  private static List<Object> without(Row row) {
    return Arrays.asList(
        row.small(),
        row.whole(),
        row.big(),
        row.body(),
        row.list(),
        row.doc(),
        row.hex(),
        row.at());
  }

  private static List<Row> rows(Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          new Row(
              (short) random.nextInt(),
              random.nextInt(),
              random.nextInt(4) == 0 ? null : (Long) (random.nextLong() >> random.nextInt(64)),
              random.nextInt(4) == 0 ? null : (Double) real(random, i),
              i < EDGE_NUMBERS.size() ? EDGE_NUMBERS.get(i) : number(random),
              random.nextInt(4) == 0 ? null : text(random),
              list(random),
              random.nextInt(4) == 0 ? null : text(random).replaceAll("[\"\\\\\\x00-\\x1f]", ""),
              raw(random),
              i < EDGE_TIMES.size() ? EDGE_TIMES.get(i) : time(random)));
    }
    return rows;
  }

  private static double real(Random random, int i) {
    if (random.nextBoolean()) {
      return EDGE_DOUBLES.get(i % EDGE_DOUBLES.size());
    }
    double any = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(any) ? any : random.nextGaussian();
  }

  private static BigDecimal number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(40));
      case 1 -> new BigDecimal(new BigInteger(20, random).negate(), random.nextInt(12));
      // Group by group: many zeros within and at both ends.
      case 2 -> groups(random);
      default -> new BigDecimal(real(random, random.nextInt(EDGE_DOUBLES.size())));
    };
  }

  private static BigDecimal groups(Random random) {
    StringBuilder digits = new StringBuilder(random.nextBoolean() ? "-" : "");
    for (int groups = 1 + random.nextInt(6); groups > 0; groups--) {
      digits.append(List.of("0000", "0001", "9999", "1000", "0100").get(random.nextInt(5)));
    }
    return new BigDecimal(new BigInteger(digits.toString()), random.nextInt(25));
  }

  private static List<BigDecimal> edgeNumbers() {
    List<BigDecimal> numbers = new ArrayList<>();
    for (String number :
        List.of(
            "0",
            "0.0",
            "0.0000",
            "0.00000",
            "1",
            "9999",
            "10000",
            "10001",
            "99999999",
            "100000000",
            "0.0001",
            "0.00001",
            "0.9999",
            "0.00009999",
            "1.0000",
            "1.00000",
            "9999.9999",
            "10000.0001",
            "12345678.9",
            "1234.56789",
            "100.00",
            "1000000000000000000000000000")) {
      numbers.add(new BigDecimal(number));
      numbers.add(new BigDecimal(number).negate());
    }
    for (double dyadic : new double[] {Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE}) {
      numbers.add(new BigDecimal(dyadic));
      numbers.add(new BigDecimal(-dyadic));
    }
    numbers.add(new BigDecimal(Double.MAX_VALUE).add(new BigDecimal(Double.MIN_VALUE)));
    numbers.add(new BigDecimal("1E-1074"));
    return numbers;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int chars = random.nextInt(30); chars > 0; chars--) {
      text.appendCodePoint(point(random));
    }
    return text.toString();
  }

  /** From all planes, the borders of UTF-8's lengths often; no surrogate, no U+0000. */
  private static int point(Random random) {
    int[] borders = {1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    int point =
        switch (random.nextInt(4)) {
          case 0 -> borders[random.nextInt(borders.length)];
          case 1 -> 0x20 + random.nextInt(0x5f);
          case 2 -> (random.nextInt(17) << 16) + random.nextInt(1 << 16);
          default -> 1 + random.nextInt(0xfff);
        };
    boolean storable = point != 0 && (point < 0xd800 || point > 0xdfff);
    return storable ? point : 'x';
  }

  private static List<String> list(Random random) {
    List<String> list = new ArrayList<>();
    for (int size = 1 + random.nextInt(8); size > 0; size--) {
      list.add(text(random));
    }
    return list;
  }

  private static String raw(Random random) {
    byte[] raw = new byte[random.nextInt(100)];
    random.nextBytes(raw);
    return HexFormat.of().formatHex(raw);
  }

  private static Instant time(Random random) {
    long from = Instant.parse("1900-01-01T00:00:00Z").getEpochSecond();
    long to = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond();
    return Instant.ofEpochSecond(from + (long) (random.nextDouble() * (to - from)))
        .plus(random.nextInt(1_000_000), ChronoUnit.MICROS);
  }
}
