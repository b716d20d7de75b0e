package dev.windrow.query.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is fuzzed. Each has its own part of the corpus. */
enum Target {
  FILTER(FilterTarget.class),
  PAGE_TOKEN(PageTokenTarget.class),
  ORDER_BY(OrderByTarget.class),
  REQUEST(RequestTarget.class);

  private static final Path CORPUS = Path.of("src/test/resources/dev/windrow/query/fuzz");

  private final Class<?> type;

  Target(Class<?> type) {
    this.type = type;
  }

  /** The class that Jazzer is told. */
  String className() {
    return type.getName();
  }

  /** Where its inputs are. */
  Path folder() {
    return CORPUS.resolve(type.getSimpleName());
  }

  List<byte[]> corpus() throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.sorted().toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    }
    return corpus;
  }

  void run(byte[] data) {
    switch (this) {
      case FILTER -> FilterTarget.fuzzerTestOneInput(data);
      case PAGE_TOKEN -> PageTokenTarget.fuzzerTestOneInput(data);
      case ORDER_BY -> OrderByTarget.fuzzerTestOneInput(data);
      case REQUEST -> RequestTarget.fuzzerTestOneInput(data);
    }
  }
}
