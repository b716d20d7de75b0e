/** How a process starts, serves, drains and stops. */
@NullMarked
package dev.windrow.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
