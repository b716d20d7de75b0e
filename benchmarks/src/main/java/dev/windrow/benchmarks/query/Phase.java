package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.query.v1.Plan;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks each question of all sides: first whether they agree, then how long each takes.
 *
 * @param ports of both query-services
 * @param seconds as {@link Timing#measure} has them
 */
record Phase(
    String name,
    BenchPostgres postgres,
    String database,
    Ports ports,
    double seconds,
    PrintStream out) {
  static final List<Integer> CONNECTIONS = List.of(1, 8);

  /**
   * Runs it.
   *
   * @throws IllegalStateException if answers differ, with the first difference of each question
   */
  List<QuestionResult> run(List<Question> questions) throws Exception {
    Map<String, Integer> rows = agreedRows(questions);
    List<QuestionResult> results = new ArrayList<>();
    for (Question question : questions) {
      Map<Integer, Map<Side, Timing>> timings = new LinkedHashMap<>();
      for (int connections : CONNECTIONS) {
        Map<Side, Timing> bySide = new EnumMap<>(Side.class);
        for (Map.Entry<Side, Asker.Source> side : sides(question).entrySet()) {
          bySide.put(side.getKey(), Timing.measure(side.getValue(), connections, seconds));
        }
        timings.put(connections, bySide);
      }
      QuestionResult result =
          new QuestionResult(
              question, rows.getOrDefault(question.name(), 0), plan(question), timings);
      QueryReport.line(out, name, result);
      results.add(result);
    }
    return results;
  }

  /** Asks each question of Windrow for a while, so that what is measured then is compiled. */
  void warmUp(List<Question> questions, double warmSeconds) throws Exception {
    for (int port : List.of(ports.windrow(), ports.reading())) {
      for (Question question : questions) {
        Timing.measure(
            () -> new GrpcAsker(port, question.request()),
            CONNECTIONS.get(CONNECTIONS.size() - 1),
            warmSeconds);
      }
    }
  }

  private Map<String, Integer> agreedRows(List<Question> questions) throws Exception {
    Map<String, Integer> rows = new LinkedHashMap<>();
    List<String> differences = new ArrayList<>();
    for (Question question : questions) {
      Map<Side, List<AnswerRow>> answers = new EnumMap<>(Side.class);
      for (Map.Entry<Side, Asker.Source> side : sides(question).entrySet()) {
        try (Asker asker = side.getValue().open()) {
          answers.put(side.getKey(), asker.ask().rows());
        }
      }
      List<AnswerRow> raw = answers.getOrDefault(Side.RAW, List.of());
      rows.put(question.name(), raw.size());
      answers.forEach(
          (side, answer) ->
              Agreement.difference(question.values(), answer, raw)
                  .ifPresent(
                      difference ->
                          differences.add(question.name() + ", " + side + ": " + difference)));
    }
    if (!differences.isEmpty()) {
      throw new IllegalStateException(name + ": answers differ\n" + String.join("\n", differences));
    }
    return rows;
  }

  private Map<Side, Asker.Source> sides(Question question) {
    Map<Side, Asker.Source> sides = new EnumMap<>(Side.class);
    sides.put(Side.WINDROW, () -> new GrpcAsker(ports.windrow(), question.request()));
    sides.put(Side.READING, () -> new GrpcAsker(ports.reading(), question.request()));
    sides.put(Side.RAW, () -> sql(question, question.raw()));
    question.hand().ifPresent(hand -> sides.put(Side.HAND, () -> sql(question, hand)));
    return sides;
  }

  private Asker sql(Question question, BoundSql sql) throws Exception {
    return new SqlAsker(postgres.connect(database), sql, question.values().size());
  }

  private Optional<Plan> plan(Question question) throws Exception {
    try (GrpcAsker asker = new GrpcAsker(ports.reading(), question.request())) {
      return asker.plan();
    }
  }
}
