package dev.windrow.ingest.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.windrow.ingest.accept.EncodedEvents;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * An append request taken apart: its events as bytes, which acceptance reads where they lie, and
 * the rest as a message.
 *
 * @param header the request without its events
 */
record AppendMessage(AppendRequest header, EncodedEvents events) {
  // A tag is the number of a field and how it is encoded.
  private static final int EVENTS =
      AppendRequest.EVENTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int APPEND =
      AppendStreamRequest.APPEND_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /** An {@link AppendRequest}. */
  static AppendMessage of(byte[] request) throws InvalidProtocolBufferException {
    return read(request, 0, request.length);
  }

  /**
   * The request within an {@link AppendStreamRequest}.
   *
   * @throws InvalidProtocolBufferException if the bytes are no such message
   * @throws dev.windrow.runtime.error.WindrowException if it has no request
   */
  static AppendMessage ofStream(byte[] message) throws InvalidProtocolBufferException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    try {
      if (in.readTag() == APPEND) {
        int length = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        if (length == message.length - start) {
          return read(message, start, message.length);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
    // Something else is in the message, too: the long way.
    AppendStreamRequest whole = AppendStreamRequest.parseFrom(message);
    if (!whole.hasAppend()) {
      throw Requests.missing("append");
    }
    return of(whole.getAppend().toByteArray());
  }

  private static AppendMessage read(byte[] message, int from, int to)
      throws InvalidProtocolBufferException {
    EncodedEvents events = new EncodedEvents(message);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    CodedInputStream in = CodedInputStream.newInstance(message, from, to - from);
    try {
      while (!in.isAtEnd()) {
        int start = from + in.getTotalBytesRead();
        int tag = in.readTag();
        if (tag == EVENTS) {
          int length = in.readRawVarint32();
          int event = from + in.getTotalBytesRead();
          in.skipRawBytes(length);
          events.add(event, event + length);
        } else {
          if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that has not begun");
          }
          header.write(message, start, from + in.getTotalBytesRead() - start);
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
    return new AppendMessage(AppendRequest.parseFrom(header.toByteArray()), events);
  }
}
