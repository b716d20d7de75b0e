/** What can go wrong, and how a caller is told. */
@NullMarked
package dev.windrow.runtime.error;

import org.jspecify.annotations.NullMarked;
