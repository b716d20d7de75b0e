package dev.windrow.rollup;

import java.util.function.Function;

/**
 * A property of an event that a rollup can group by: one of the four columns below, or one
 * attribute, written {@code attributes.NAME}.
 *
 * @param name the canonical name, which is also the stored one
 */
public record Dimension(String name) {
  private static final String ATTRIBUTE_PREFIX = "attributes.";

  public static final Dimension TYPE = new Dimension("type");
  public static final Dimension SOURCE = new Dimension("source");
  public static final Dimension STATUS = new Dimension("status");
  public static final Dimension ENTITY_ID = new Dimension("entity_id");

  /**
   * Checks what the components promise.
   *
   * @throws IllegalArgumentException if the name is none of these
   */
  public Dimension {
    boolean known =
        switch (name) {
          case "type", "source", "status", "entity_id" -> true;
          default -> name.startsWith(ATTRIBUTE_PREFIX) && name.length() > ATTRIBUTE_PREFIX.length();
        };
    if (!known) {
      throw new IllegalArgumentException(
          "dimension: must be type, source, status, entity_id or attributes.NAME, got \""
              + name
              + "\"");
    }
  }

  /**
   * The dimension with a canonical name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Dimension parse(String name) {
    return new Dimension(name);
  }

  /** The dimension of the attribute with this name, which must not be empty. */
  public static Dimension attribute(String attributeName) {
    return new Dimension(ATTRIBUTE_PREFIX + attributeName);
  }

  public boolean isAttribute() {
    return name.startsWith(ATTRIBUTE_PREFIX);
  }

  /**
   * The attribute's own name.
   *
   * @throws IllegalStateException if this is a column
   */
  public String attributeName() {
    if (!isAttribute()) {
      throw new IllegalStateException("dimension: " + name + " is not an attribute");
    }
    return name.substring(ATTRIBUTE_PREFIX.length());
  }

  /** Reads this dimension's value of an event; an absent attribute is the empty string. */
  Function<EventFacts, String> reader() {
    return switch (name) {
      case "type" -> EventFacts::type;
      case "source" -> EventFacts::source;
      case "status" -> EventFacts::status;
      case "entity_id" -> EventFacts::entityId;
      default -> {
        String attribute = attributeName();
        yield event -> event.attribute(attribute);
      }
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
