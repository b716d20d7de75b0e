package dev.windrow.benchmarks.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What Linux knows of processes. Elsewhere there is no /proc, and everything here is NaN: the
 * harness runs, but tells no CPU times.
 */
final class ProcessTimes {
  private static final Path PROC = Path.of("/proc");
  // USER_HZ, which is 100 on every architecture that OpenJDK runs on.
  private static final double TICKS_PER_SECOND = 100;

  // Places in /proc/PID/stat, counted from the first field behind the command's name.
  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int ENDED_USER = 13;
  private static final int ENDED_SYSTEM = 14;

  private ProcessTimes() {}

  /** CPU seconds of one process. */
  static double of(long pid) {
    return Files.isDirectory(PROC)
        ? seconds(stat(PROC.resolve(Long.toString(pid))), USER, SYSTEM)
        : Double.NaN;
  }

  /**
   * CPU seconds of a process and all its children, ended ones included. A child that ends moves
   * from one sum to the other, so differences hold. Read children first: one that ends meanwhile
   * would otherwise be in neither.
   */
  static double ofFamily(long parent) {
    if (!Files.isDirectory(PROC)) {
      return Double.NaN;
    }
    double before;
    double sum;
    double after = endedChildren(parent);
    do {
      before = after;
      sum = liveChildren(parent);
      after = endedChildren(parent);
      // Another child has ended while they were added up.
    } while (before != after);
    return of(parent) + after + sum;
  }

  /** Bytes of memory that a process holds. */
  static double residentBytes(long pid) {
    Path status = PROC.resolve(Long.toString(pid)).resolve("status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double endedChildren(long parent) {
    return seconds(stat(PROC.resolve(Long.toString(parent))), ENDED_USER, ENDED_SYSTEM);
  }

  private static double liveChildren(long parent) {
    String wanted = Long.toString(parent);
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(path -> Character.isDigit(path.getFileName().toString().charAt(0)))
          .map(ProcessTimes::stat)
          .filter(stat -> stat.length > PARENT && stat[PARENT].equals(wanted))
          .mapToDouble(stat -> seconds(stat, USER, SYSTEM))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double seconds(String[] stat, int user, int system) {
    return stat.length <= ENDED_SYSTEM
        ? 0
        : (Long.parseLong(stat[user]) + Long.parseLong(stat[system])) / TICKS_PER_SECOND;
  }

  // Empty for a process that has just ended.
  private static String[] stat(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    } catch (NoSuchFileException e) {
      return new String[0];
    } catch (IOException e) {
      // "No such process", when it ends between open and read.
      return new String[0];
    }
  }
}
