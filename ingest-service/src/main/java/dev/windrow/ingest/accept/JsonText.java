package dev.windrow.ingest.accept;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes JSON that PostgreSQL's jsonb takes. What it cannot take (U+0000, numbers that are not
 * finite) is refused with {@link IllegalArgumentException}, whose message says where.
 */
final class JsonText {
  // As much of a key as a message shows.
  private static final int NAME_CHARS = 100;

  private final StringBuilder out = new StringBuilder();

  private JsonText() {}

  static String of(Struct struct) {
    JsonText text = new JsonText();
    text.object(struct);
    return text.out.toString();
  }

  static String of(Map<String, String> map) {
    JsonText text = new JsonText();
    char separator = '{';
    for (var entry : map.entrySet()) {
      text.out.append(separator);
      text.string(entry.getKey());
      text.out.append(':');
      text.string(entry.getValue());
      separator = ',';
    }
    return text.out.append('}').toString();
  }

  private void object(Struct struct) {
    out.append('{');
    boolean first = true;
    // Sorted: a repeat of an event may bring its keys in another order, and must hash alike.
    for (var entry : new TreeMap<>(struct.getFieldsMap()).entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      string(entry.getKey());
      out.append(':');
      value(entry.getKey(), entry.getValue());
    }
    out.append('}');
  }

  private void array(String name, ListValue list) {
    out.append('[');
    for (int i = 0; i < list.getValuesCount(); i++) {
      if (i > 0) {
        out.append(',');
      }
      value(name, list.getValues(i));
    }
    out.append(']');
  }

  private void value(String name, Value value) {
    switch (value.getKindCase()) {
      case NULL_VALUE, KIND_NOT_SET -> out.append("null");
      case BOOL_VALUE -> out.append(value.getBoolValue());
      case NUMBER_VALUE -> number(name, value.getNumberValue());
      case STRING_VALUE -> string(value.getStringValue());
      case STRUCT_VALUE -> object(value.getStructValue());
      case LIST_VALUE -> array(name, value.getListValue());
    }
  }

  private void number(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "numbers must be finite, got "
              + number
              + " in "
              + name.substring(0, Math.min(NAME_CHARS, name.length())));
    }
    long whole = (long) number;
    if (whole == number && Math.abs(number) < 1e15) {
      out.append(whole);
    } else {
      out.append(number);
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case 0 -> throw new IllegalArgumentException("must not contain U+0000");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(c < 0x10 ? '0' : '1').append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
