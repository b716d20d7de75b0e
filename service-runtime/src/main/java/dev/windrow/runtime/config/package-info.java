/** Settings from the environment, read once. */
@NullMarked
package dev.windrow.runtime.config;

import org.jspecify.annotations.NullMarked;
