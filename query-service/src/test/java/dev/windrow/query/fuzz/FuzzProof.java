package dev.windrow.query.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Proof R10: Jazzer looks for bytes that are not answered cleanly, guided by what the code does
 * with them, from the corpus on. What it finds belongs into the corpus. No part of every build: the
 * corpus alone is run by {@link FuzzTest}.
 */
class FuzzProof {
  private static final int SECONDS = Integer.getInteger("windrow.test.fuzz.seconds", 20);
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
  private static final Pattern COVERAGE = Pattern.compile("DONE +cov: (\\d+)");
  // What takes so long on any machine does not end.
  private static final int SECONDS_AN_INPUT = 120;

  @ParameterizedTest
  @EnumSource
  void target_isNotShaken(Target target) throws Exception {
    Path work = Files.createDirectories(Path.of("target/fuzz/" + target));
    Path log = work.resolve("jazzer.log");
    int status = jazzer(target, work, log);
    String told = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(status).as("see %s:%n%s", log, tail(told)).isZero();
    System.out.printf(
        "R10 target=%s seconds=%d runs=%s coverage=%s findings=0%n",
        target, SECONDS, found(DONE, told), found(COVERAGE, told));
  }

  private static int jazzer(Target target, Path work, Path log)
      throws IOException, InterruptedException {
    Path found = Files.createDirectories(work.resolve("corpus"));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+EnableDynamicAgentLoading",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.className(),
            "--instrumentation_includes=dev.windrow.**",
            // Of the libraries' own doings none is a finding.
            "--custom_hook_includes=dev.windrow.**",
            "--reproducer_path=" + work,
            "-artifact_prefix=" + work + "/",
            "-max_total_time=" + SECONDS,
            "-timeout=" + SECONDS_AN_INPUT,
            "-max_len=4096",
            "-print_final_stats=1",
            found.toString(),
            target.folder().toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }

  private static String found(Pattern pattern, String told) {
    Matcher matcher = pattern.matcher(told);
    assertThat(matcher.find()).as("%s in%n%s", pattern, tail(told)).isTrue();
    return matcher.group(1);
  }

  private static String tail(String told) {
    return told.substring(Math.max(0, told.length() - 4000));
  }
}
