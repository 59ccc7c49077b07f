// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmResponse;
import dev.holdfast.llm.ProviderConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One run. A single thread reads the input, starts calls and writes results; the calls only put what became of them into a
 * queue. So nothing here needs a lock, and what is held is bounded by the concurrency and by how far a result may wait.
 */
final class BatchRun {
    /** How far ahead of the first line without a result others may be asked: their places are kept in memory. */
    private static final long WINDOW_LINES = 100_000;

    private final Batch batch;
    private final BatchInput input;
    private final ResultFiles files;
    private final Path out;
    private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private final Map<Long, CompletableFuture<LlmResponse>> calls = new HashMap<>();
    private final long earlier;
    private long retries;
    private boolean inputEnded;

    private record Done(
            InputLine.Asked asked,
            @Nullable LlmResponse response,
            @Nullable Throwable error) {}

    BatchRun(Batch batch, BatchInput input, ResultFiles files, Path out) {
        this.batch = batch;
        this.input = input;
        this.files = files;
        this.out = out;
        this.earlier = files.finished();
    }

    BatchSummary run() throws IOException, InterruptedException {
        try {
            startCalls();
            while (!calls.isEmpty()) {
                finish(done.take());
                startCalls();
            }
            files.complete();
        } finally {
            calls.values().forEach(call -> call.cancel(true));
        }
        return summary();
    }

    private void startCalls() throws IOException {
        while (!inputEnded && calls.size() < batch.concurrency && input.number() - files.count() < WINDOW_LINES) {
            InputLine line = input.next();
            if (line == null) {
                inputEnded = true;
                requireWholeInput();
            } else if (files.isFinished(line.number())) {
                requireSame(line);
            } else if (line instanceof InputLine.Refused refused) {
                finish(ResultLine.refused(line, refused.message()));
            } else if (line instanceof InputLine.Asked asked) {
                start(asked);
            }
        }
    }

    private void requireWholeInput() {
        if (files.count() > input.number()) {
            throw new BatchException(out + " has results for more lines than the input has: it belongs to another"
                    + " input; give another --out");
        }
    }

    private void requireSame(InputLine line) throws IOException {
        ResultLine result = files.earlierResult(line.number());
        if (result != null && result.ok() && !sameId(result.id(), line.id())) {
            throw new BatchException(out + " holds a result for id " + result.id() + " where line " + line.number()
                    + " of the input has id " + line.id() + ": it belongs to another input; give another --out");
        }
    }

    /** As written: a number that was read and the same one that was counted are nodes of different classes. */
    private static boolean sameId(JsonNode one, JsonNode other) {
        return one.toString().equals(other.toString());
    }

    private void start(InputLine.Asked asked) throws IOException {
        Llm llm;
        try {
            llm = asked.model() == null ? batch.llm : batch.models.apply(asked.model());
        } catch (ProviderConfigurationException e) {
            finish(ResultLine.refused(asked, String.valueOf(e.getMessage())));
            return;
        }
        files.started(asked.number());
        CompletableFuture<LlmResponse> call = llm.completeStreamed(asked.request());
        calls.put(asked.number(), call);
        call.whenComplete((response, error) -> done.add(new Done(asked, response, error)));
    }

    private void finish(Done ended) throws IOException {
        InputLine.Asked asked = ended.asked();
        calls.remove(asked.number());
        ResultLine result = ended.response() != null
                ? ResultLine.of(asked, ended.response())
                : ResultLine.of(asked, ended.error() != null ? ended.error() : new IllegalStateException("no answer"));
        retries += Math.max(0, result.attempts() - 1);
        finish(result);
    }

    private void finish(ResultLine result) throws IOException {
        files.finish(result);
        batch.progress.accept(summary());
    }

    private BatchSummary summary() {
        return new BatchSummary(files.finished(), earlier, files.failures(), retries, files.madeAgain(), calls.size());
    }
}
