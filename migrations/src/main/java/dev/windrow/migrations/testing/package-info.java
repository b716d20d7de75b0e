/** Real PostgreSQL databases for tests, each migrated and empty. */
@NullMarked
package dev.windrow.migrations.testing;

import org.jspecify.annotations.NullMarked;
