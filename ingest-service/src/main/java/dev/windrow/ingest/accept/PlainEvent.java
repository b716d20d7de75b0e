package dev.windrow.ingest.accept;

import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.copy.CopyFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The short way of an event from its protobuf bytes to its row, without a message, a string or a
 * map in between. It knows only events that pass every check and are written as generated code
 * writes them. Whatever else there is (a field that is repeated or unknown, an event that is to be
 * refused) it leaves alone, for the long way over the message to decide; so the rules of refusal
 * are in one place, {@link EventAcceptance}. For one thread.
 */
final class PlainEvent {
  private static final int TEXTS = 5;
  private static final int ENTITY_ID = 2;
  private static final int STATUS = 3;
  private static final int EVENT_ID = 4;
  private static final int MAX_NANOS = 999_999_999;

  private final byte[] in;
  private final CopyFields out;
  private final int tenantId;
  private final Instant oldest;
  private final Instant newest;
  private final Wire wire;
  private final Wire time;
  private final PlainStruct struct;

  // source, type, entity_id, status, event_id: the start and the end of each.
  private final int[] texts = new int[2 * TEXTS];
  private int seen;
  private long seconds;
  private int nanos;
  private double value;
  private long amount;
  private int payloadStart;
  private int payloadEnd;
  // The start and end of name and value of each attribute.
  private int[] attributes = new int[16];
  private int attributeSlots;

  // Of the row that was written last: where these begin and end.
  private int attributesAt;
  private int attributesTo;
  private int payloadAt;
  private int payloadTo;

  /**
   * @param oldest when an event may have occurred, at the earliest
   * @param newest likewise, at the latest
   */
  PlainEvent(byte[] in, CopyFields out, int tenantId, Instant oldest, Instant newest) {
    this.in = in;
    this.out = out;
    this.tenantId = tenantId;
    this.oldest = oldest;
    this.newest = newest;
    this.wire = new Wire(in);
    this.time = new Wire(in);
    this.struct = new PlainStruct(in, out);
  }

  /** Writes the row of the event in these bytes; or writes nothing, if it is not plain. */
  boolean write(int from, int to) {
    int start = out.length();
    if (read(from, to) && valid() && row()) {
      return true;
    }
    out.truncate(start);
    return false;
  }

  private boolean read(int from, int to) {
    seen = 0;
    attributeSlots = 0;
    value = 0;
    amount = 0;
    Arrays.fill(texts, 0);
    wire.read(from, to);
    while (wire.more()) {
      int tag = (int) wire.varint();
      int field = tag >>> 3;
      // Tags of one byte are all there are; each but the attributes may come once.
      if (tag <= 0 || tag > 82 || (field != 8 && (seen & (1 << field)) != 0) || !field(tag)) {
        return false;
      }
      seen |= 1 << field;
    }
    return !wire.failed();
  }

  private boolean field(int tag) {
    switch (tag) {
      case 10 -> {
        int length = wire.length();
        return timestamp(length);
      }
      case 18 -> text(0);
      case 26 -> text(1);
      case 34 -> text(ENTITY_ID);
      case 42 -> text(STATUS);
      case 49 -> value = wire.fixed64();
      case 56 -> amount = wire.varint();
      case 66 -> {
        int length = wire.length();
        return attribute(length);
      }
      case 74 -> {
        int length = wire.length();
        payloadStart = wire.at();
        payloadEnd = payloadStart + length;
        wire.skip(length);
      }
      case 82 -> text(EVENT_ID);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void text(int which) {
    int length = wire.length();
    texts[2 * which] = wire.at();
    texts[2 * which + 1] = wire.at() + length;
    wire.skip(length);
  }

  private boolean timestamp(int length) {
    time.read(wire.at(), wire.at() + length);
    wire.skip(length);
    seconds = 0;
    nanos = 0;
    while (time.more()) {
      long tag = time.varint();
      if (tag == 8) {
        seconds = time.varint();
      } else if (tag == 16) {
        nanos = (int) time.varint();
      } else {
        return false;
      }
    }
    return !time.failed();
  }

  private boolean attribute(int length) {
    int end = wire.at() + length;
    time.read(wire.at(), end);
    wire.skip(length);
    if (attributeSlots + 4 > attributes.length) {
      attributes = Arrays.copyOf(attributes, 2 * attributes.length);
    }
    Arrays.fill(attributes, attributeSlots, attributeSlots + 4, end);
    int parts = 0;
    while (time.more()) {
      long tag = time.varint();
      int part = tag == 10 ? 0 : tag == 18 ? 2 : -1;
      if (part < 0 || (parts & (1 << part)) != 0) {
        return false;
      }
      parts |= 1 << part;
      int size = time.length();
      attributes[attributeSlots + part] = time.at();
      attributes[attributeSlots + part + 1] = time.at() + size;
      time.skip(size);
    }
    attributeSlots += 4;
    return !time.failed();
  }

  private boolean valid() {
    return has(1)
        && nanos >= 0
        && nanos <= MAX_NANOS
        && timely()
        && fits(0, 1, EventAcceptance.NAME_CHARS)
        && fits(1, 1, EventAcceptance.NAME_CHARS)
        && fits(ENTITY_ID, 1, EventAcceptance.ENTITY_CHARS)
        && fits(STATUS, 0, EventAcceptance.NAME_CHARS)
        && fits(EVENT_ID, 0, EventAcceptance.NAME_CHARS)
        && Double.isFinite(value);
  }

  private boolean has(int field) {
    return (seen & (1 << field)) != 0;
  }

  private boolean timely() {
    return (seconds > oldest.getEpochSecond()
            || (seconds == oldest.getEpochSecond() && nanos >= oldest.getNano()))
        && (seconds < newest.getEpochSecond()
            || (seconds == newest.getEpochSecond() && nanos <= newest.getNano()));
  }

  private boolean fits(int which, int min, int max) {
    int units = Utf8.utf16Length(in, texts[2 * which], texts[2 * which + 1]);
    return units >= min && units <= max;
  }

  private boolean row() {
    CopyEvents.begin(out, tenantId, seconds * 1_000_000 + nanos / 1000);
    for (int i = 0; i < TEXTS; i++) {
      int length = texts[2 * i + 1] - texts[2 * i];
      if (i == EVENT_ID && length == 0) {
        out.nullField();
      } else {
        out.bytesField(in, texts[2 * i], length);
      }
    }
    if (has(6)) {
      out.doubleField(value);
    } else {
      out.nullField();
    }
    if (has(7)) {
      out.bigintField(amount);
    } else {
      out.nullField();
    }
    return attributes() && payload();
  }

  private boolean attributes() {
    attributesAt = attributesTo = 0;
    if (attributeSlots == 0) {
      out.nullField();
      return true;
    }
    if (attributeSlots / 4 > EventAcceptance.ATTRIBUTES) {
      return false;
    }
    for (int i = 0; i < attributeSlots; i += 4) {
      int name = Utf8.utf16Length(in, attributes[i], attributes[i + 1]);
      int text = Utf8.utf16Length(in, attributes[i + 2], attributes[i + 3]);
      if (name < 1
          || name > EventAcceptance.ATTRIBUTE_NAME_CHARS
          || text < 0
          || text > EventAcceptance.ATTRIBUTE_VALUE_CHARS) {
        return false;
      }
    }
    int field = out.begin();
    attributesAt = out.length();
    if (!struct.writeTexts(attributes, attributeSlots)) {
      return false;
    }
    attributesTo = out.length();
    out.end(field);
    return true;
  }

  private boolean payload() {
    payloadAt = payloadTo = 0;
    if (!has(9)) {
      out.nullField();
      return true;
    }
    int field = out.begin();
    payloadAt = out.length();
    if (!struct.write(payloadStart, payloadEnd)
        || out.length() - payloadAt > EventAcceptance.PAYLOAD_BYTES) {
      return false;
    }
    payloadTo = out.length();
    out.end(field);
    return true;
  }

  boolean hasEventId() {
    return texts[2 * EVENT_ID + 1] > texts[2 * EVENT_ID];
  }

  /** Of the event whose row was written last, and which has an id. */
  EventBlock.IdentifiedEvent identified(int position) {
    ContentHash hash =
        new ContentHash(
            seconds * 1_000_000 + nanos / 1000,
            text(in, texts[2], texts[3]),
            text(in, texts[2 * ENTITY_ID], texts[2 * ENTITY_ID + 1]),
            text(in, texts[2 * STATUS], texts[2 * STATUS + 1]),
            has(6) ? (Double) value : null,
            has(7) ? (Long) amount : null,
            text(out.bytes(), attributesAt, attributesTo),
            text(out.bytes(), payloadAt, payloadTo));
    return new EventBlock.IdentifiedEvent(
        position,
        text(in, texts[0], texts[1]),
        text(in, texts[2 * EVENT_ID], texts[2 * EVENT_ID + 1]),
        hash.value());
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
