/** Days that are over get the index that would be too dear while events pour in. */
@NullMarked
package dev.windrow.ingest.seal;

import org.jspecify.annotations.NullMarked;
