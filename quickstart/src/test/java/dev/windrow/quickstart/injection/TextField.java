package dev.windrow.quickstart.injection;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text that a caller can write: a string field of a request, however deep, also as the key or the
 * value of a map.
 *
 * @param path from the request to the field
 */
record TextField(List<FieldDescriptor> path) {
  TextField {
    path = List.copyOf(path);
  }

  /** All that a request has; a message within itself is entered once. */
  static List<TextField> of(Descriptor request) {
    List<TextField> found = new ArrayList<>();
    collect(request, List.of(), List.of(request), found);
    return found;
  }

  private static void collect(
      Descriptor type,
      List<FieldDescriptor> before,
      List<Descriptor> entered,
      List<TextField> found) {
    for (FieldDescriptor field : type.getFields()) {
      List<FieldDescriptor> path = appended(before, field);
      switch (field.getJavaType()) {
        case STRING -> found.add(new TextField(path));
        case BYTE_STRING ->
            throw new AssertionError(field + ": bytes are texts, too; see how they get into SQL");
        case MESSAGE -> {
          if (!entered.contains(field.getMessageType())) {
            collect(field.getMessageType(), path, appended(entered, field.getMessageType()), found);
          }
        }
        default -> {}
      }
    }
  }

  private static <T> List<T> appended(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  /** The names of the path, with dots. */
  String name() {
    return path.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
  }

  /** The same from the second field of the path on. */
  String innerName() {
    return path.stream().skip(1).map(FieldDescriptor::getName).collect(Collectors.joining("."));
  }

  /**
   * The request with this text in this field; of repeated messages, and of the entries of a map, in
   * the first one.
   */
  Message in(Message request, String text) {
    return set(request.toBuilder(), 0, text).build();
  }

  private Message.Builder set(Message.Builder message, int depth, String text) {
    FieldDescriptor field = path.get(depth);
    if (depth == path.size() - 1) {
      return field.isRepeated()
          ? message.setField(field, List.of(text))
          : message.setField(field, text);
    }
    if (field.isMapField()) {
      Message.Builder entry;
      if (message.getRepeatedFieldCount(field) > 0) {
        entry = ((Message) message.getRepeatedField(field, 0)).toBuilder();
      } else {
        entry = message.newBuilderForField(field);
        fill(entry);
      }
      return message.setField(field, List.of(set(entry, depth + 1, text).build()));
    }
    if (!field.isRepeated()) {
      Message inner = (Message) message.getField(field);
      return message.setField(field, set(inner.toBuilder(), depth + 1, text).build());
    }
    boolean empty = message.getRepeatedFieldCount(field) == 0;
    Message.Builder element =
        empty
            ? message.newBuilderForField(field)
            : ((Message) message.getRepeatedField(field, 0)).toBuilder();
    Message built = set(element, depth + 1, text).build();
    return empty
        ? message.addRepeatedField(field, built)
        : message.setRepeatedField(field, 0, built);
  }

  // What stands beside the text in the entry of a map must itself be valid.
  private static void fill(Message.Builder entry) {
    FieldDescriptor key = entry.getDescriptorForType().findFieldByName("key");
    FieldDescriptor value = entry.getDescriptorForType().findFieldByName("value");
    entry.setField(key, "key");
    if (value.getJavaType() == FieldDescriptor.JavaType.STRING) {
      entry.setField(value, "value");
    } else if (value.getMessageType().equals(Value.getDescriptor())) {
      entry.setField(value, Value.newBuilder().setStringValue("value").build());
    }
  }
}
