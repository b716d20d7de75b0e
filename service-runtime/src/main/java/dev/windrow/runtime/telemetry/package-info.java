/** What a process tells of itself in numbers. */
@NullMarked
package dev.windrow.runtime.telemetry;

import org.jspecify.annotations.NullMarked;
