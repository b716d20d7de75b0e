/** Proof R15: what callers write is never SQL. */
@NullMarked
package dev.windrow.quickstart.injection;

import org.jspecify.annotations.NullMarked;
