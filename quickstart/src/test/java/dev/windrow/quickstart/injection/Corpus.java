package dev.windrow.quickstart.injection;

import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Texts that have been SQL somewhere, one JSON string a line. */
final class Corpus {
  private Corpus() {}

  static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(Corpus.class.getResourceAsStream("corpus.jsonl"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isEmpty()) {
          Value.Builder value = Value.newBuilder();
          JsonFormat.parser().merge(line, value);
          texts.add(value.getStringValue());
        }
      }
    }
    return texts;
  }

  /** How a text may be written into a field: as it is, and where the field has a grammar, in it. */
  static List<String> written(TextField field, String text) {
    String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    return switch (field.name()) {
      case "filter" ->
          List.of(
              text,
              "source = " + quoted,
              "attributes.key : (a, " + quoted + ")",
              "\"attributes." + quoted.substring(1) + " != a",
              "NOT entity_id = " + quoted + " OR status = " + quoted);
      case "group_by" -> List.of(text, "attributes." + text);
      case "order_by" -> List.of(text, "attributes.key " + text, "count desc, " + text);
      default -> List.of(text);
    };
  }
}
