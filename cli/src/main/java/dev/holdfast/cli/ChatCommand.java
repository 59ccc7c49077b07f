// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.failure.Failure;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.llm.Advice;
import dev.holdfast.llm.EventStream;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Message;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.batch.CallJson;
import dev.holdfast.target.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast chat}: one answer, or a conversation on a terminal. */
@Command(
        name = "chat",
        description = "Asks a model and streams the answer; retries, waits and failovers show on stderr.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class ChatCommand implements Callable<Integer> {
    private static final long EVENTS_PATIENCE_MILLIS = 500;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ResilienceOptions resilience;

    @Option(
            names = "--model",
            paramLabel = "provider/model",
            description = "Where to ask; several are tried in this order.")
    private List<String> models = List.of();

    @Option(names = "--json", description = "One JSON object on stdout instead of the answer, also on failure.")
    private boolean json;

    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "What to ask; without it stdin is read.")
    private @Nullable String prompt;

    ChatCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        try {
            return chat();
        } catch (ProviderConfigurationException | UsageException | ConfigException e) {
            if (json) {
                out().println(ChatJson.notStarted(e.getMessage()));
            }
            throw e;
        }
    }

    private int chat() throws IOException {
        Colours colours = Colours.ofTerminal();
        PrintWriter err = spec.commandLine().getErr();
        try (Models chosen = Models.of(models, resilience.file(), surroundings.environment())) {
            Llm llm = chosen.llm()
                    .resilience(resilience.over(chosen.policy()))
                    .listener(new Progress(err, colours))
                    .build();
            if (prompt == null && Terminal.present()) {
                return converse(llm, colours);
            }
            String question = prompt != null ? prompt : stdin();
            if (question.isBlank()) {
                throw new UsageException("there is nothing to ask: give a PROMPT, or send one to stdin");
            }
            return ask(llm, LlmRequest.of(question), colours) instanceof StreamEvent.Finish ? 0 : Main.FAILED;
        }
    }

    /** Asks once and prints what comes of it; returns the event that ended the answer. */
    private StreamEvent ask(Llm llm, LlmRequest request, Colours colours) {
        PrintWriter out = out();
        boolean midLine = false;
        StreamEvent last = null;
        try (EventStream stream = llm.blocking().stream(request)) {
            for (StreamEvent event : stream) {
                if (event instanceof StreamEvent.TextDelta delta && !json) {
                    out.print(delta.text());
                    out.flush();
                    midLine = !delta.text().endsWith("\n");
                }
                last = event;
            }
        }
        if (midLine) {
            out.println();
        }
        // What happened on the way belongs before the outcome.
        awaitEvents(llm);
        if (json) {
            out.println(ChatJson.of(last));
        }
        if (last instanceof StreamEvent.Error error) {
            complain(error, colours);
        }
        out.flush();
        return Objects.requireNonNull(last, "a stream ends with a terminal event");
    }

    private void complain(StreamEvent.Error error, Colours colours) {
        PrintWriter err = spec.commandLine().getErr();
        Failure failure = error.failure();
        Target target = CallJson.lastTarget(error.report());
        err.println(colours.red("error " + Progress.reason(failure)) + ": " + CallJson.message(failure));
        if (!error.textSoFar().isEmpty()) {
            err.println("the answer above is incomplete");
        }
        err.println("what to do: " + Advice.of(failure.category(), target));
        err.flush();
    }

    private static void awaitEvents(Llm llm) {
        try {
            llm.engine().eventsDelivered().get(EVENTS_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The lines are for information; a terminal that does not take them must not hold up the answer.
            return;
        }
    }

    /** One question after the other, each with all that was said before. */
    private int converse(Llm llm, Colours colours) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        err.println(colours.faint("talking to " + llm.targets() + "; an empty line or Ctrl-D ends"));
        BufferedReader in = new BufferedReader(new InputStreamReader(surroundings.in(), Charset.defaultCharset()));
        List<Message> said = new ArrayList<>();
        while (true) {
            err.print("> ");
            err.flush();
            String line = in.readLine();
            if (line == null || line.isBlank()) {
                return 0;
            }
            said.add(Message.user(line));
            StreamEvent end = ask(llm, LlmRequest.builder().messages(said).build(), colours);
            if (end instanceof StreamEvent.Finish finish) {
                said.add(finish.response().toMessage());
            } else {
                said.remove(said.size() - 1);
            }
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private String stdin() throws IOException {
        return new String(surroundings.in().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
