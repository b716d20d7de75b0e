/** What an answer is worth beside its values, and what it is required to be worth. */
@NullMarked
package dev.windrow.query.worth;

import org.jspecify.annotations.NullMarked;
