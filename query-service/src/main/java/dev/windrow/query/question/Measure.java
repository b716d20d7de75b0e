package dev.windrow.query.question;

/** What can be computed over a set of events. */
public enum Measure {
  COUNT("count"),
  SUM("sum"),
  AVG("avg"),
  MIN("min"),
  MAX("max"),
  STDDEV("stddev"),
  PERCENTILE("p"),
  DISTINCT_ENTITIES("distinct_entities"),
  AMOUNT_SUM("amount_sum"),
  RATE("rate"),
  STATUS_SHARE("share"),
  HISTOGRAM("histogram");

  private final String word;

  Measure(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
