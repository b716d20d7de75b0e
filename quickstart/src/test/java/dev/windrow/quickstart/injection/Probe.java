package dev.windrow.quickstart.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.ImportEventsResponse;
import dev.windrow.quickstart.injection.Call.Told;
import dev.windrow.quickstart.testing.Client;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.lifecycle.Service;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Puts texts into every text field of every method of a service that it runs. */
final class Probe implements AutoCloseable {
  private static final String PLAIN = "plain";
  private static final int AT_ONCE = 32;
  private static final int PARTS = 8;
  private static final String VERSIONS = "windrow.catalog.v1.CatalogService/Create";
  private static final Set<Status.Code> CLEAN =
      EnumSet.of(
          Status.Code.OK,
          Status.Code.INVALID_ARGUMENT,
          Status.Code.FAILED_PRECONDITION,
          // Two jobs that would rewrite the same.
          Status.Code.ABORTED,
          Status.Code.NOT_FOUND);

  private record Target(MethodDescriptor<?, ?> method, TextField field) {
    Message request(String text) {
      return field.in(Requests.forField(Call.emptyRequest(method), field), text);
    }

    String described(String text) {
      return method.getFullMethodName() + " " + Requests.described(request(text));
    }
  }

  private final Service service;
  private final Client client;
  private final List<Target> targets = new ArrayList<>();
  private final Scheduler scheduler = Schedulers.newParallel("probe", AT_ONCE);
  private long sent;

  Probe(Service service, ServiceDescriptor descriptor) throws Exception {
    this.service = service;
    service.start();
    client = Client.of(service);
    for (MethodDescriptor<?, ?> method : descriptor.getMethods()) {
      for (TextField field : TextField.of(Call.emptyRequest(method).getDescriptorForType())) {
        targets.add(new Target(method, field));
      }
    }
  }

  Channel channel() {
    return client.channel();
  }

  int fields() {
    return targets.size();
  }

  long sent() {
    return sent;
  }

  /**
   * A harmless text in each field. What is said about it, if it is refused, must be about this
   * field; else the request around it does not let it come so far.
   */
  void sendPlain() {
    for (Target target : targets) {
      Told told = call(target, PLAIN);
      if (told.code() != Status.Code.OK) {
        String field = told.field().replaceAll("\\[\\d+]", "");
        // Of a map it may name no more than the map, and of a question what is within.
        assertThat(List.of(target.field().name() + ".", target.field().innerName() + "."))
            .as("told %s of %s: it needs a request around it", told, target.described(PLAIN))
            .anyMatch(name -> name.startsWith(field + "."));
      }
      assertThat(rejections(told)).as(target.described(PLAIN)).isZero();
      for (String text : Corpus.written(target.field(), PLAIN)) {
        assertThat(check(new Sending(target, text))).isEmpty();
      }
    }
  }

  /**
   * All texts in all fields; an eighth of them, each field another, where each takes a stream or
   * adds a version.
   */
  void send(List<String> corpus) {
    Collection<String> wrong =
        Flux.fromIterable(targets)
            .flatMapIterable(
                target ->
                    texts(target, corpus).stream()
                        .flatMap(text -> Corpus.written(target.field(), text).stream())
                        .map(text -> new Sending(target, text))
                        .toList())
            .doOnNext(sending -> sent++)
            .flatMap(
                sending -> Mono.fromCallable(() -> check(sending)).subscribeOn(scheduler), AT_ONCE)
            .filter(complaint -> !complaint.isEmpty())
            .collectList()
            .blockOptional()
            .orElseThrow();
    assertThat(wrong).isEmpty();
  }

  // What can be watched is what can be asked: the same code reads it. And what adds versions to a
  // catalogue is slower with each.
  private List<String> texts(Target target, List<String> corpus) {
    if (target.method().getType() != MethodType.SERVER_STREAMING
        && !target.method().getFullMethodName().startsWith(VERSIONS)) {
      return corpus;
    }
    int first = targets.indexOf(target) % PARTS;
    return IntStream.range(0, corpus.size())
        .filter(i -> i % PARTS == first)
        .mapToObj(corpus::get)
        .toList();
  }

  private record Sending(Target target, String text) {}

  /** What is wrong with the answer; empty if nothing is. */
  private String check(Sending sending) {
    Told told = call(sending.target(), sending.text());
    boolean clean =
        CLEAN.contains(told.code())
            && (told.code() == Status.Code.OK || told.domain().equals(StatusMapper.DOMAIN));
    return clean ? "" : told + " to " + sending.target().described(sending.text());
  }

  // A stream that is cancelled is reset, and a server takes only so many resets on a connection.
  private Told call(Target target, String text) {
    if (target.method().getType() != MethodType.SERVER_STREAMING) {
      return Call.send(client.channel(), target.method(), target.request(text));
    }
    try (Client own = Client.of(service)) {
      return Call.send(own.channel(), target.method(), target.request(text));
    }
  }

  private static long rejections(Told told) {
    long rejections = 0;
    for (Message message : told.messages()) {
      if (message instanceof AppendResponse append) {
        rejections += append.getRejectionsCount();
      } else if (message instanceof AppendStreamResponse stream) {
        rejections += stream.getAppend().getRejectionsCount();
      } else if (message instanceof ImportEventsResponse imported) {
        rejections += imported.getRejectedCount();
      }
    }
    return rejections;
  }

  @Override
  public void close() {
    scheduler.dispose();
    client.close();
    service.close();
  }
}
