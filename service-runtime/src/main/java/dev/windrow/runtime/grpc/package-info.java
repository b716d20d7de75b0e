/** The gRPC server and the bridge from its calls to Reactor. */
@NullMarked
package dev.windrow.runtime.grpc;

import org.jspecify.annotations.NullMarked;
