package dev.windrow.migrations.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Folders with all that is in them. */
final class Folders {
  private Folders() {}

  /**
   * Copies; what vanishes meanwhile is left out, as a backup of a running server must.
   *
   * @param wanted of paths within the folder
   */
  static void copy(Path from, Path to, Predicate<Path> wanted) {
    for (Path path : paths(from)) {
      Path within = from.relativize(path);
      if (!wanted.test(within)) {
        continue;
      }
      Path target = to.resolve(within.toString());
      try {
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      } catch (NoSuchFileException e) {
        // It has vanished.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void delete(Path folder) {
    List<Path> paths = paths(folder).stream().sorted(Comparator.reverseOrder()).toList();
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  // A walk of the library's would end at the first that vanishes.
  private static List<Path> paths(Path folder) {
    List<Path> found = new ArrayList<>();
    collect(folder, found);
    return found;
  }

  private static void collect(Path path, List<Path> found) {
    found.add(path);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> children = Files.list(path)) {
      children.forEach(child -> collect(child, found));
    } catch (NoSuchFileException e) {
      // It has vanished.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
