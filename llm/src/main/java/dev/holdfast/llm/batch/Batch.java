// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.batch;

import dev.holdfast.llm.Llm;
import dev.holdfast.llm.ProviderConfigurationException;
import dev.holdfast.time.Ticker;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Asks everything that a file of JSON Lines asks, a bounded number of calls at a time, and writes one result line for each
 * input line, in input order. Run again on the same files it goes on where it stopped, whatever stopped it.
 *
 * <pre>{@code
 * BatchSummary summary = Batch.of(llm).withConcurrency(20).run(Path.of("in.jsonl"), Path.of("out.jsonl"));
 * }</pre>
 *
 * <p>An input line is {@code {"id","prompt"}} or {@code {"id","messages",…}} with any fields of chat completions; without an
 * id its number is its id. A result is {@code {"id","ok":true,"text","finish_reason","usage","target","attempts"}} or
 * {@code {"id","ok":false,"line","error":{"category","retry","retry_after_ms","message"}}}. Results that wait for an earlier
 * line are in {@code OUT.journal}, the calls in flight in {@code OUT.running}; both are removed at the end. A result is
 * finished once its newline is written: a kill cannot take it back, and it is never asked for again. Files are forced to the
 * disk about once a second and at the end, so a power cut can cost the results of the last second.
 *
 * <p>Answers are read as streams within the attempt: the limits on first content and silence hold, and an answer that was
 * cut is asked for again. Immutable and thread-safe; two runs on one output refuse each other.
 */
public final class Batch {
    /** What runs at a time unless told otherwise. */
    public static final int DEFAULT_CONCURRENCY = 10;

    final Llm llm;
    final Function<String, Llm> models;
    final int concurrency;
    final boolean retryFailed;
    final Consumer<BatchSummary> progress;
    final Ticker ticker;

    private Batch(
            Llm llm,
            Function<String, Llm> models,
            int concurrency,
            boolean retryFailed,
            Consumer<BatchSummary> progress,
            Ticker ticker) {
        this.llm = llm;
        this.models = models;
        this.concurrency = concurrency;
        this.retryFailed = retryFailed;
        this.progress = progress;
        this.ticker = ticker;
    }

    /** @param llm serves the lines that name no model of their own */
    public static Batch of(Llm llm) {
        Objects.requireNonNull(llm, "llm");
        return new Batch(llm, Batch::unknown, DEFAULT_CONCURRENCY, false, summary -> {}, Ticker.system());
    }

    private static Llm unknown(String model) {
        throw new ProviderConfigurationException("this batch serves no models but its own; leave out the line's model");
    }

    /**
     * Who serves a line with a model of its own, {@code provider/model}; asked for each such line, on the running thread. A
     * {@link ProviderConfigurationException} makes an error line. Unless set, such lines are error lines.
     */
    public Batch withModels(Function<String, Llm> value) {
        return new Batch(llm, Objects.requireNonNull(value), concurrency, retryFailed, progress, ticker);
    }

    /**
     * How many calls run at a time; default 10. They hold no thread.
     *
     * @throws IllegalArgumentException if less than 1
     */
    public Batch withConcurrency(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, not " + value);
        }
        return new Batch(llm, models, value, retryFailed, progress, ticker);
    }

    /** Whether the error lines of an earlier run are asked again; default false. */
    public Batch withRetryFailed(boolean value) {
        return new Batch(llm, models, concurrency, value, progress, ticker);
    }

    /** Hears after each result how things stand, on the running thread. */
    public Batch withProgress(Consumer<BatchSummary> value) {
        return new Batch(llm, models, concurrency, retryFailed, Objects.requireNonNull(value), ticker);
    }

    /** What the second between two forced writes is measured by. */
    public Batch withTicker(Ticker value) {
        return new Batch(llm, models, concurrency, retryFailed, progress, Objects.requireNonNull(value));
    }

    /**
     * Runs to the end, on the calling thread; what has a result already is not asked again.
     *
     * @throws BatchException if the output is not one, belongs to another input, or is being written; nothing is changed
     * @throws IOException if a file cannot be read or written; what is finished stays
     * @throws InterruptedException if the thread was interrupted; calls in flight are cancelled, what is finished stays
     */
    public BatchSummary run(Path in, Path out) throws IOException, InterruptedException {
        if (Files.isDirectory(in) || !Files.isReadable(in)) {
            throw new BatchException("cannot read " + in + ": give a file of JSON Lines");
        }
        if (Files.exists(out) && Files.isSameFile(in, out)) {
            throw new BatchException("the output would overwrite its input " + in + ": give another --out");
        }
        if (Files.isDirectory(out)) {
            throw new BatchException(out + " is a directory: give a file as --out");
        }
        Path directory = out.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            throw new BatchException("there is no directory " + directory + ": make it, or give another --out");
        }
        try (BatchInput input = BatchInput.of(in);
                ResultFiles files = ResultFiles.open(out, retryFailed, concurrency, ticker)) {
            return new BatchRun(this, input, files, out).run();
        } catch (ClosedByInterruptException e) {
            // Caught in the middle of a write; the half-written line is cut off by the next run.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("interrupted while a result was written");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
