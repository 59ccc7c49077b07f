// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.ResilienceConfig;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.batch.Batch;
import dev.holdfast.llm.batch.BatchException;
import dev.holdfast.llm.batch.BatchSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast batch}: many calls from a file, in order, kept through kills. */
@Command(
        name = "batch",
        description = "Asks everything that a file of JSON Lines asks and writes one result line for each; run again it"
                + " goes on where it stopped.",
        mixinStandardHelpOptions = true,
        versionProvider = PrintedVersion.class)
final class BatchCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ResilienceOptions resilience;

    @Parameters(
            paramLabel = "IN.jsonl",
            description = "One {\"id\", \"prompt\"} or {\"id\", \"messages\", …any chat-completions field} per line.")
    @SuppressWarnings("NullAway.Init") // picocli sets what is required
    private Path in;

    @Option(names = "--out", required = true, paramLabel = "OUT.jsonl", description = "Where the results go.")
    @SuppressWarnings("NullAway.Init") // as above
    private Path out;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "Calls that run at a time (default: ${DEFAULT-VALUE}).")
    private int concurrency = Batch.DEFAULT_CONCURRENCY;

    @Option(
            names = "--model",
            paramLabel = "provider/model",
            description = "Where to ask, unless a line names its own model; several are tried in this order.")
    private List<String> models = List.of();

    @Option(names = "--retry-failed", description = "Asks the error lines of an earlier run again.")
    private boolean retryFailed;

    BatchCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        if (concurrency < 1) {
            throw new UsageException("--concurrency must be at least 1, not " + concurrency);
        }
        PrintWriter err = spec.commandLine().getErr();
        try (Models chosen = Models.of(models, resilience.file(), surroundings.environment());
                Engines engines = new Engines();
                ProgressBar bar = ProgressBar.on(err, in, Terminal.present())) {
            Batch batch = Batch.of(llm(chosen, engines, chosen.names()))
                    .withModels(linesOwn(chosen, engines))
                    .withConcurrency(concurrency)
                    .withRetryFailed(retryFailed)
                    .withProgress(bar::show);
            BatchSummary summary = batch.run(in, out);
            bar.close();
            tell(summary, err);
            return summary.failed() == 0 ? 0 : Main.FAILED;
        } catch (BatchException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("interrupted; run the same command again to go on");
            return INTERRUPTED;
        }
    }

    /** Models that lines name: made when first met; of very many only those used last are kept. */
    private Function<String, Llm> linesOwn(Models chosen, Engines engines) {
        Map<String, Llm> made = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;
            private static final int KEPT = 1000;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Llm> eldest) {
                return size() > KEPT;
            }
        };
        return name -> made.computeIfAbsent(name, model -> llm(chosen, engines, List.of(model)));
    }

    private Llm llm(Models chosen, Engines engines, List<String> names) {
        return chosen.llm(names)
                .holdfast(engines.of(resilience.over(chosen.policy(names))))
                .build();
    }

    /** One engine for each policy, so that lines of one policy share circuits and budgets. Used by one thread. */
    private static final class Engines implements AutoCloseable {
        private final Map<ResilienceConfig, Holdfast> engines = new LinkedHashMap<>();

        Holdfast of(ResilienceConfig policy) {
            return engines.computeIfAbsent(
                    policy, config -> Holdfast.builder().config(config).build());
        }

        @Override
        public void close() {
            engines.values().forEach(Holdfast::close);
        }
    }

    private void tell(BatchSummary summary, PrintWriter err) {
        String failures = summary.failedByCategory().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
        err.println(lines(summary.finished()) + ": " + summary.ok() + " ok, " + summary.failed() + " failed"
                + (summary.failed() == 0 ? "" : failures) + "; "
                + (summary.retries() == 1 ? "1 retry" : summary.retries() + " retries"));
        if (summary.earlier() > 0) {
            err.println(lines(summary.earlier()) + (summary.earlier() == 1 ? " was" : " were")
                    + " finished by an earlier run");
        }
        if (summary.madeAgain() > 0) {
            err.println(
                    summary.madeAgain() + " calls were in flight when an earlier run was killed and were made again");
        }
        if (summary.failed() > 0) {
            err.println("what to do: look at the error lines of " + out
                    + "; the same command with --retry-failed asks them again");
        }
        err.flush();
    }

    private static String lines(long count) {
        return count == 1 ? "1 line" : count + " lines";
    }
}
