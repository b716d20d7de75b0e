/** What both services must agree on: the grid, the aggregate algebra and the stored bytes. */
@NullMarked
package dev.windrow.rollup;

import org.jspecify.annotations.NullMarked;
