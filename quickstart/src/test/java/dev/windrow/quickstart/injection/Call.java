package dev.windrow.quickstart.injection;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One request to any method, whatever its kind. */
final class Call {
  private static final int PATIENCE_SECONDS = 60;

  /**
   * What the caller was told.
   *
   * @param domain of the error; empty if there is none
   * @param field that the error names first; empty if there is none
   */
  record Told(
      Status.Code code,
      String domain,
      String reason,
      String field,
      String message,
      List<Message> messages) {}

  private Call() {}

  /** The message that a method takes, without anything in it. */
  static Message emptyRequest(MethodDescriptor<?, ?> method) {
    return (Message)
        Objects.requireNonNull(
            ((PrototypeMarshaller<?>) method.getRequestMarshaller()).getMessagePrototype());
  }

  /** The answers up to the end of the call; of a server's stream, the first one. */
  @SuppressWarnings("unchecked")
  static Told send(Channel channel, MethodDescriptor<?, ?> method, Message request) {
    var typed = (MethodDescriptor<Message, Message>) method;
    ClientCall<Message, Message> call = channel.newCall(typed, CallOptions.DEFAULT);
    CompletableFuture<Told> told = new CompletableFuture<>();
    List<Message> messages = new ArrayList<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(Message message) {
            messages.add(message);
            if (method.getType() == MethodType.SERVER_STREAMING) {
              told.complete(new Told(Status.Code.OK, "", "", "", "", messages));
              call.cancel("one is enough", null);
            }
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            told.complete(told(status, trailers, messages));
          }
        },
        new Metadata());
    call.request(Integer.MAX_VALUE);
    call.sendMessage(request);
    call.halfClose();
    return told.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static Told told(Status status, Metadata trailers, List<Message> messages) {
    String domain = "";
    String reason = "";
    String field = "";
    try {
      for (Any detail : StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          domain = detail.unpack(ErrorInfo.class).getDomain();
          reason = detail.unpack(ErrorInfo.class).getReason();
        } else if (detail.is(BadRequest.class)) {
          field = detail.unpack(BadRequest.class).getFieldViolations(0).getField();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    String message = String.valueOf(status.getDescription());
    return new Told(status.getCode(), domain, reason, field, message, List.copyOf(messages));
  }
}
