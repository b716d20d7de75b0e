/** Brings a database to the schema that this version of Windrow works on. */
@NullMarked
package dev.windrow.migrations;

import org.jspecify.annotations.NullMarked;
