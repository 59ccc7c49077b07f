// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.CallException;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.failure.FailureClassifier;
import dev.holdfast.failure.Outcome;
import dev.holdfast.failure.RetryScope;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.NodeSpec;
import dev.holdfast.graph.event.GraphEvent;
import dev.holdfast.graph.node.Node;
import dev.holdfast.graph.node.NodeFailedException;
import dev.holdfast.graph.node.NodeResult;
import dev.holdfast.llm.Usage;
import dev.holdfast.time.Nanos;
import dev.holdfast.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One visit of one node: its attempts, up to the output or the failure that the run then commits. On the run's strand. */
final class Step {
    final Run run;
    final Path path;
    final NodeSpec node;
    final int visit;
    final String id;
    final List<NodeAttempt> attempts = new ArrayList<>();
    final long startNanos;
    Usage usage = Usage.NONE;

    private final @Nullable Node work;
    private Map<String, @Nullable Object> inputs = Map.of();
    private int number;
    private @Nullable AttemptRun current;
    private Timer.@Nullable Scheduled waiting;
    private boolean over;

    /** @param work null for a visit that is passed over */
    Step(Run run, Path path, NodeSpec node, @Nullable Node work) {
        this.run = run;
        this.path = path;
        this.node = node;
        this.work = work;
        this.visit = path.visits(node.id()) + 1;
        this.id = run.id + "/" + (path.id.isEmpty() ? "" : path.id + "/") + node.id() + "#" + visit;
        this.startNanos = run.ticker.nanos();
    }

    void begin() {
        if (run.listening()) {
            run.emit(new GraphEvent.NodeStarted(run.id, path.id, node.id(), visit, id));
        }
        inputs = inputs();
        attempt();
    }

    private Map<String, @Nullable Object> inputs() {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (String key : node.inputKeys()) {
            if (path.memory.containsKey(key)) {
                found.put(key, path.memory.get(key));
            } else if (path.carried.containsKey(key)) {
                found.put(key, path.carried.get(key));
            } else {
                missing.add(key);
            }
        }
        if (node.inputKeys().isEmpty() || path.afterFailure) {
            found.putAll(path.carried);
        }
        if (!missing.isEmpty() && run.listening()) {
            run.emit(new GraphEvent.InputsMissing(run.id, path.id, node.id(), missing));
        }
        return found;
    }

    int maxAttempts() {
        return Math.max(1, node.maxRetries());
    }

    private void attempt() {
        number++;
        waiting = null;
        long nowNanos = run.ticker.nanos();
        Duration timeout = node.timeout() != null ? node.timeout() : run.options.nodeTimeout();
        long timeoutNanos = timeout == null ? Nanos.NEVER : Nanos.add(nowNanos, Nanos.of(timeout));
        AttemptRun attempt = new AttemptRun(this, number, inputs, nowNanos, timeoutNanos);
        current = attempt;
        if (run.listening()) {
            run.emit(new GraphEvent.AttemptStarted(run.id, path.id, node.id(), visit, number, maxAttempts()));
        }
        if (timeout != null) {
            attempt.timer = run.after(timeoutNanos, () -> timedOut(attempt, timeout));
        }
        CompletionStage<NodeResult> stage = start(attempt);
        attempt.running(stage);
        stage.whenComplete((result, error) -> run.strand.post(() -> completed(attempt, result, error)));
    }

    private CompletionStage<NodeResult> start(AttemptRun attempt) {
        try {
            CompletionStage<NodeResult> stage = work == null ? null : work.run(attempt);
            return stage != null
                    ? stage
                    : CompletableFuture.failedFuture(
                            new NodeFailedException(Category.UNKNOWN, "the node returned no stage"));
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.failedFuture(e);
        }
    }

    private void timedOut(AttemptRun attempt, Duration timeout) {
        if (attempt == current) {
            attempt.cancel();
            failed(
                    attempt,
                    Failure.of(Category.TIMEOUT, "graph.node.timeout", "no result within " + text(timeout)),
                    false);
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() + " ms";
    }

    private void completed(AttemptRun attempt, @Nullable NodeResult result, @Nullable Throwable error) {
        if (attempt != current) {
            return; // it was ended from outside; what comes late is void
        }
        attempt.end();
        if (error != null) {
            Failure failure = FailureClassifier.standard().classify(error);
            failed(attempt, failure, isExhausted(error));
        } else if (result == null) {
            failed(attempt, Failure.of(Category.UNKNOWN, "graph.node.null", "the node gave no result"), false);
        } else if (result.waiting()) {
            current = null;
            over = true;
            run.moves.waits(this);
        } else {
            checked(attempt, result);
        }
    }

    private void checked(AttemptRun attempt, NodeResult result) {
        Map<String, @Nullable Object> output;
        List<String> problems;
        try {
            output = Values.plain(result.output());
            problems = OutputCheck.problems(node, output);
        } catch (RuntimeException e) {
            output = Map.of();
            problems = List.of("the output is nothing that JSON can hold");
        }
        if (!problems.isEmpty()) {
            String message = "Output validation failed: " + String.join("; ", problems);
            failed(attempt, Failure.of(Category.INVALID_OUTPUT, "graph.output", message), false);
            return;
        }
        current = null;
        over = true;
        record(attempt, Outcome.SUCCESS, null, null);
        run.moves.succeeded(this, output, result.nextNode());
    }

    private void failed(AttemptRun attempt, Failure failure, boolean exhausted) {
        current = null;
        record(attempt, Outcome.FAILURE, failure.category(), failure.message());
        long delayNanos = run.backoffNanos(number, failure);
        boolean again = number < maxAttempts()
                && !exhausted
                && isWanted(failure)
                && Nanos.add(run.ticker.nanos(), delayNanos) < run.deadlineNanos;
        if (!again) {
            over = true;
            String message = "Node '" + node.name() + "' failed after " + number + " attempts: " + failure.message();
            run.moves.failed(this, new RunError(node.id(), failure.category(), message), failure.message(), number);
            return;
        }
        if (run.listening()) {
            run.emit(new GraphEvent.RetryScheduled(
                    run.id,
                    path.id,
                    node.id(),
                    visit,
                    number + 1,
                    maxAttempts(),
                    failure.category(),
                    Duration.ofNanos(delayNanos)));
        }
        waiting = run.after(Nanos.add(run.ticker.nanos(), delayNanos), () -> {
            if (!over) {
                attempt();
            }
        });
    }

    /** What the node lists; where it lists nothing, what another attempt can cure. */
    private boolean isWanted(Failure failure) {
        if (node.retryOn().isEmpty()) {
            return failure.scope() == RetryScope.SAME_TARGET;
        }
        return failure.category() != Category.CANCELLED
                && node.retryOn().stream()
                        .map(word -> word.strip().toLowerCase(Locale.ROOT).replace('-', '_'))
                        .anyMatch(failure.category().word()::equals);
    }

    /** A call that an engine has already repeated as often as it may: attempts never multiply across layers. */
    private static boolean isExhausted(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < 32; depth++) {
            if (cause instanceof CallException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private void record(AttemptRun attempt, Outcome outcome, @Nullable Category category, @Nullable String message) {
        Duration elapsed = Duration.ofNanos(run.ticker.nanos() - attempt.startNanos);
        attempts.add(new NodeAttempt(
                path.id,
                node.id(),
                visit,
                attempt.number,
                outcome,
                category,
                message,
                Duration.ofNanos(run.sinceStart(attempt.startNanos)),
                elapsed));
        if (run.listening()) {
            run.emit(new GraphEvent.AttemptEnded(
                    run.id,
                    path.id,
                    node.id(),
                    visit,
                    attempt.number,
                    maxAttempts(),
                    outcome,
                    category,
                    message,
                    elapsed));
        }
    }

    /** Ends what runs. What was tried so far stays in the log of the path. */
    void cancel() {
        over = true;
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        AttemptRun running = current;
        if (running != null) {
            current = null;
            running.cancel();
            record(running, Outcome.CANCELLED, Category.CANCELLED, "ended from outside");
        }
        path.attempts.addAll(attempts);
        path.usage = path.usage.plus(usage);
    }

    boolean isOver() {
        return over;
    }

    boolean holds(EdgeSpec edge, Map<String, @Nullable Object> output, Map<String, @Nullable Object> memory) {
        return run.holds(this, edge, output, memory);
    }

    void decide(
            EdgeSpec edge,
            Map<String, @Nullable Object> output,
            Map<String, @Nullable Object> memory,
            Consumer<Boolean> then) {
        run.decide(this, edge, output, memory, then);
    }
}
