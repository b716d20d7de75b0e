/** The edge: protobuf in, protobuf out, and nothing else of protobuf beyond here. */
@NullMarked
package dev.windrow.query.grpc;

import org.jspecify.annotations.NullMarked;
