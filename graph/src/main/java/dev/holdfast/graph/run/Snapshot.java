// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.failure.Category;
import dev.holdfast.failure.Outcome;
import dev.holdfast.graph.checkpoint.Checkpoint;
import dev.holdfast.graph.internal.Json;
import dev.holdfast.llm.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state of a run as versioned JSON, both ways. Readers pass over keys that they do not know.
 *
 * @param graph id of the graph
 * @param ended why the run ended; null while it was under way
 * @param elapsedNanos how long it had run
 */
record Snapshot(
        String graph, @Nullable StopReason ended, @Nullable RunError error, long elapsedNanos, Path root) {
    static final long VERSION = 1;

    static String json(Run run, @Nullable StopReason ended, @Nullable RunError error) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("run", run.id);
        json.put("graph", run.layout.graph().id());
        json.put("status", ended == null ? "running" : ended.word());
        json.put("error", error(error));
        json.put("elapsed_ns", run.sinceStart(run.ticker.nanos()));
        json.put("path", path(run.root));
        return Json.string(Json.node(json));
    }

    /** @throws IllegalArgumentException if this version cannot read it; says what is wrong */
    static Snapshot read(Checkpoint checkpoint) {
        try {
            Map<String, @Nullable Object> json = Json.plainObject((ObjectNode) Json.read(checkpoint.json()));
            Object version = json.get("version");
            if (!Objects.equals(version, VERSION)) {
                throw new IllegalArgumentException("the checkpoint of run " + checkpoint.runId() + " has version "
                        + version + "; this program reads version " + VERSION);
            }
            String status = text(json, "status");
            return new Snapshot(
                    text(json, "graph"),
                    status.equals("running") ? null : StopReason.ofWord(status),
                    readError(json.get("error")),
                    number(json, "elapsed_ns"),
                    readPath(map(json, "path"), null));
        } catch (ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("the checkpoint of run " + checkpoint.runId() + " is damaged", e);
        }
    }

    private static Map<String, @Nullable Object> path(Path path) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", path.id);
        json.put("state", path.state.word());
        json.put("at", path.at);
        json.put("memory", path.memory);
        json.put("written", path.written);
        json.put("carried", path.carried);
        json.put("after_failure", path.afterFailure);
        json.put("progress", path.progress);
        json.put("visits", path.visits);
        json.put("steps", path.steps);
        json.put("nodes", path.nodes);
        json.put("attempts", path.attempts.stream().map(Snapshot::attempt).toList());
        json.put("branches", path.branches.stream().map(Snapshot::branch).toList());
        json.put("usage", usage(path.usage));
        json.put("error", error(path.error));
        json.put("started_ns", path.startedNanos);
        json.put("ended_ns", path.endedNanos);
        if (path.fork != null) {
            Map<String, @Nullable Object> fork = new LinkedHashMap<>();
            fork.put("source", path.fork.source());
            fork.put("join", path.fork.join());
            fork.put(
                    "branches",
                    path.fork.branches().stream().map(Snapshot::path).toList());
            json.put("fork", fork);
        }
        return json;
    }

    private static Path readPath(Map<String, @Nullable Object> json, @Nullable Path parent) {
        Path path = new Path(text(json, "id"), parent, text(json, "at"), map(json, "memory"));
        path.state = PathState.ofWord(text(json, "state"));
        path.written.putAll(map(json, "written"));
        path.carried = map(json, "carried");
        path.afterFailure = Boolean.TRUE.equals(json.get("after_failure"));
        path.progress = map(json, "progress");
        map(json, "visits").forEach((node, count) -> path.visits.put(node, ((Long) count).intValue()));
        path.steps = (int) number(json, "steps");
        list(json, "nodes").forEach(node -> path.nodes.add((String) node));
        list(json, "attempts").forEach(attempt -> path.attempts.add(readAttempt(cast(attempt))));
        list(json, "branches").forEach(branch -> path.branches.add(readBranch(cast(branch))));
        path.usage = readUsage(list(json, "usage"));
        path.error = readError(json.get("error"));
        path.startedNanos = number(json, "started_ns");
        path.endedNanos = number(json, "ended_ns");
        if (json.get("fork") != null) {
            Map<String, @Nullable Object> fork = map(json, "fork");
            List<Path> branches = new ArrayList<>();
            list(fork, "branches").forEach(branch -> branches.add(readPath(cast(branch), path)));
            path.fork = new Fork(text(fork, "source"), (String) fork.get("join"), branches);
        }
        return path;
    }

    private static Map<String, @Nullable Object> attempt(NodeAttempt attempt) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("branch", attempt.branch());
        json.put("node", attempt.node());
        json.put("visit", attempt.visit());
        json.put("attempt", attempt.attempt());
        json.put("outcome", attempt.outcome().word());
        json.put("category", word(attempt.category()));
        json.put("message", attempt.message());
        json.put("started_ns", attempt.started().toNanos());
        json.put("elapsed_ns", attempt.elapsed().toNanos());
        return json;
    }

    private static NodeAttempt readAttempt(Map<String, @Nullable Object> json) {
        return new NodeAttempt(
                text(json, "branch"),
                text(json, "node"),
                (int) number(json, "visit"),
                (int) number(json, "attempt"),
                Outcome.valueOf(text(json, "outcome").toUpperCase(Locale.ROOT)),
                category(json.get("category")),
                (String) json.get("message"),
                Duration.ofNanos(number(json, "started_ns")),
                Duration.ofNanos(number(json, "elapsed_ns")));
    }

    private static Map<String, @Nullable Object> branch(BranchReport report) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("branch", report.branch());
        json.put("outcome", report.outcome().word());
        json.put("category", word(report.category()));
        json.put("quality", report.quality().word());
        json.put("retries", report.retries());
        json.put("elapsed_ns", report.elapsed().toNanos());
        return json;
    }

    private static BranchReport readBranch(Map<String, @Nullable Object> json) {
        return new BranchReport(
                text(json, "branch"),
                Outcome.valueOf(text(json, "outcome").toUpperCase(Locale.ROOT)),
                category(json.get("category")),
                Quality.valueOf(text(json, "quality").toUpperCase(Locale.ROOT)),
                (int) number(json, "retries"),
                Duration.ofNanos(number(json, "elapsed_ns")));
    }

    private static List<Long> usage(Usage usage) {
        return List.of(
                usage.inputTokens(),
                usage.outputTokens(),
                usage.cachedInputTokens(),
                usage.cacheWriteTokens(),
                usage.reasoningTokens());
    }

    private static Usage readUsage(List<@Nullable Object> counts) {
        long[] given = new long[5];
        for (int i = 0; i < given.length && i < counts.size(); i++) {
            given[i] = (Long) Objects.requireNonNull(counts.get(i));
        }
        return new Usage(given[0], given[1], given[2], given[3], given[4]);
    }

    private static @Nullable Map<String, @Nullable Object> error(@Nullable RunError error) {
        if (error == null) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", error.node());
        json.put("category", error.category().word());
        json.put("message", error.message());
        return json;
    }

    private static @Nullable RunError readError(@Nullable Object json) {
        if (json == null) {
            return null;
        }
        Map<String, @Nullable Object> error = cast(json);
        return new RunError(
                (String) error.get("node"),
                Objects.requireNonNull(category(error.get("category"))),
                text(error, "message"));
    }

    private static @Nullable String word(@Nullable Category category) {
        return category == null ? null : category.word();
    }

    private static @Nullable Category category(@Nullable Object word) {
        return word == null ? null : Category.valueOf(((String) word).toUpperCase(Locale.ROOT));
    }

    private static String text(Map<String, @Nullable Object> json, String key) {
        return (String) Objects.requireNonNull(json.get(key));
    }

    private static long number(Map<String, @Nullable Object> json, String key) {
        return (Long) Objects.requireNonNull(json.get(key));
    }

    private static Map<String, @Nullable Object> map(Map<String, @Nullable Object> json, String key) {
        return cast(json.get(key));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> cast(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> list(Map<String, @Nullable Object> json, String key) {
        return (List<@Nullable Object>) Objects.requireNonNull(json.get(key));
    }
}
