package dev.windrow.migrations.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A network that can be cut: forwards connections to a server while it is up, and can cut one just
 * when a COMMIT passes.
 */
public final class TcpProxy implements AutoCloseable {
  // A simple query: its kind, the length of the rest, the text, and a zero.
  private static final byte[] COMMIT = {'Q', 0, 0, 0, 11, 'C', 'O', 'M', 'M', 'I', 'T', 0};

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "tcp-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Queue<Socket> delayed = new ConcurrentLinkedQueue<>();
  private volatile boolean up;
  private boolean stalled;
  private volatile Supplier<AtCommit> atCommit = () -> AtCommit.PASS;

  /**
   * Listens at once.
   *
   * @param up whether it forwards from the start; while down, connections are closed as they come
   */
  public TcpProxy(String host, int port, boolean up) {
    this.target = new InetSocketAddress(host, port);
    this.up = up;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Forwards again. */
  public void heal() {
    up = true;
  }

  /** Ends all connections and refuses new ones. */
  public void cut() {
    up = false;
    sockets.forEach(TcpProxy::end);
  }

  /** Keeps all connections and forwards nothing, as a server that stands still. */
  public void stall() {
    synchronized (sockets) {
      stalled = true;
    }
  }

  /** Forwards again what has waited. */
  public void flow() {
    synchronized (sockets) {
      stalled = false;
      sockets.notifyAll();
    }
  }

  /**
   * Decides about COMMITs that nothing follows: a client waits for their answer.
   *
   * @param choice asked at each; from any thread
   */
  public void atCommit(Supplier<AtCommit> choice) {
    atCommit = choice;
  }

  /** COMMITs that wait for {@link #releaseCommits}. */
  public int delayedCommits() {
    return delayed.size();
  }

  /** Lets the server have the COMMITs that were delayed. */
  public void releaseCommits() {
    for (Socket server = delayed.poll(); server != null; server = delayed.poll()) {
      deliver(server);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (up) {
          Socket server = new Socket();
          server.connect(target);
          sockets.add(client);
          sockets.add(server);
          AtomicBoolean deaf = new AtomicBoolean();
          threads.execute(() -> forward(client, server, deaf));
          threads.execute(() -> answer(server, client, deaf));
          if (!up) {
            cut();
          }
        } else {
          end(client);
        }
      } catch (IOException e) {
        // The listener was closed, or the target is away: the client sees its connection end.
      }
    }
  }

  private void forward(Socket client, Socket server, AtomicBoolean deaf) {
    try {
      byte[] buffer = new byte[1 << 16];
      InputStream in = client.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        flowing();
        AtCommit fate = endsWithCommit(buffer, n) ? atCommit.get() : AtCommit.PASS;
        server.getOutputStream().write(buffer, 0, fate == AtCommit.PASS ? n : n - COMMIT.length);
        switch (fate) {
          case PASS -> {}
          case LOSE_COMMIT -> end(server);
          case LOSE_ANSWER -> {
            deaf.set(true);
            deliver(server);
          }
          case DELAY_COMMIT -> {
            deaf.set(true);
            delayed.add(server);
          }
        }
        if (fate != AtCommit.PASS) {
          break;
        }
      }
    } catch (IOException e) {
      // One end has gone; so must the other.
    } finally {
      end(client);
      if (!deaf.get()) {
        end(server);
      }
    }
  }

  // Once deaf, the server's answers are read and lost, so that it is not disturbed.
  private void answer(Socket server, Socket client, AtomicBoolean deaf) {
    try {
      byte[] buffer = new byte[1 << 16];
      InputStream in = server.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        flowing();
        if (!deaf.get()) {
          client.getOutputStream().write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // One end has gone; so must the other.
    } finally {
      end(client);
      end(server);
    }
  }

  private static boolean endsWithCommit(byte[] buffer, int length) {
    int from = length - COMMIT.length;
    return from >= 0 && Arrays.equals(buffer, from, length, COMMIT, 0, COMMIT.length);
  }

  private void flowing() throws InterruptedIOException {
    try {
      synchronized (sockets) {
        while (stalled) {
          sockets.wait();
        }
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  private static void deliver(Socket server) {
    try {
      server.getOutputStream().write(COMMIT);
      server.shutdownOutput();
    } catch (IOException e) {
      // The server has gone, or the network was cut.
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
