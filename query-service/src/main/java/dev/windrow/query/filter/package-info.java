/** Which events a question looks at: the filter language, and its conditions in SQL. */
@NullMarked
package dev.windrow.query.filter;

import org.jspecify.annotations.NullMarked;
