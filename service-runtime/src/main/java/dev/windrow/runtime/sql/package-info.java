/** Connections to PostgreSQL. */
@NullMarked
package dev.windrow.runtime.sql;

import org.jspecify.annotations.NullMarked;
