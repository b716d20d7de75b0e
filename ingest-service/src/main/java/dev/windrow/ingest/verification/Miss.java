package dev.windrow.ingest.verification;

import java.util.Locale;

/** Why a day was not verified when it was its turn. */
enum Miss {
  /** It has more events than are verified at once. */
  TOO_LARGE,
  /** It took too long. */
  TIMED_OUT,
  /** Something else went wrong. */
  FAILED;

  /** As the label of metrics has it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
