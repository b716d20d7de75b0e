package dev.windrow.query.drift;

import dev.windrow.query.answer.Value;
import java.math.BigDecimal;

/** The sum of values, exact until it is told. One thread at a time. */
final class Total {
  private BigDecimal finite = BigDecimal.ZERO;
  // Of what is not finite; 0 if all is.
  private double other;
  private boolean any;

  void add(Value value) {
    if (value instanceof Value.Absent) {
      return;
    }
    any = true;
    Numbers.of(value).ifPresent(number -> finite = finite.add(number));
    if (value instanceof Value.Real real && !Double.isFinite(real.number())) {
      other += real.number();
    }
  }

  /** Absent if nothing has a value. */
  Value value(boolean whole) {
    if (!any) {
      return Value.ABSENT;
    }
    return other == 0 ? Numbers.value(finite, whole) : new Value.Real(other);
  }
}
