/** The three doors. */
@NullMarked
package dev.windrow.ingest.grpc;

import org.jspecify.annotations.NullMarked;
