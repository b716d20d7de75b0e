/** Jobs as callers see them, and the kinds of work that read. */
@NullMarked
package dev.windrow.query.job;

import org.jspecify.annotations.NullMarked;
