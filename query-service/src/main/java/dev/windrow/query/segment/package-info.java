/** What was read of parts of windows, kept for the questions that ask about them again. */
@NullMarked
package dev.windrow.query.segment;

import org.jspecify.annotations.NullMarked;
