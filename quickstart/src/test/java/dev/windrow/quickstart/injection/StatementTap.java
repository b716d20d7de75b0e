package dev.windrow.quickstart.injection;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Between a service and PostgreSQL: notes the text of every statement that passes, as the protocol
 * has it in Parse and Query messages. Values are in other messages.
 */
final class StatementTap implements AutoCloseable {
  private final String host;
  private final int target;
  private final ServerSocket listener;
  private final Set<String> texts = ConcurrentHashMap.newKeySet();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "statement-tap");
            thread.setDaemon(true);
            return thread;
          });

  StatementTap(String host, int target) throws IOException {
    this.host = host;
    this.target = target;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The different texts so far. */
  Set<String> texts() {
    return Set.copyOf(texts);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(StatementTap::end);
    threads.shutdownNow();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(host, target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        threads.execute(() -> pass(client, server, true));
        threads.execute(() -> pass(server, client, false));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean listen) {
    try {
      DataInputStream in = new DataInputStream(from.getInputStream());
      if (listen) {
        notedly(in, new DataOutputStream(to.getOutputStream()));
      } else {
        in.transferTo(to.getOutputStream());
      }
    } catch (IOException e) {
      // One end has gone; so must the other.
    } finally {
      end(from);
      end(to);
    }
  }

  /** The first message has no kind: a length that counts itself, and the rest. */
  private void notedly(DataInputStream in, DataOutputStream out) throws IOException {
    boolean first = true;
    while (true) {
      int kind = first ? 0 : in.read();
      if (kind < 0) {
        throw new EOFException();
      }
      int length = in.readInt();
      byte[] content = in.readNBytes(length - Integer.BYTES);
      if (kind == 'P') {
        // The name of the prepared statement stands in front of its text.
        int name = end(content, 0);
        texts.add(text(content, name + 1));
      } else if (kind == 'Q') {
        texts.add(text(content, 0));
      }
      byte[] message = new byte[(first ? 0 : 1) + Integer.BYTES + content.length];
      int at = first ? 0 : 1;
      message[0] = (byte) kind;
      message[at] = (byte) (length >>> 24);
      message[at + 1] = (byte) (length >>> 16);
      message[at + 2] = (byte) (length >>> 8);
      message[at + 3] = (byte) length;
      System.arraycopy(content, 0, message, at + Integer.BYTES, content.length);
      out.write(message);
      first = false;
    }
  }

  private static String text(byte[] content, int from) {
    return new String(content, from, end(content, from) - from, StandardCharsets.UTF_8);
  }

  private static int end(byte[] content, int from) {
    int at = from;
    while (content[at] != 0) {
      at++;
    }
    return at;
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
