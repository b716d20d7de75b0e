/** The read path as a program: its settings, its parts, its life. */
@NullMarked
package dev.windrow.query;

import org.jspecify.annotations.NullMarked;
