// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.wire;

import dev.holdfast.Attempt;
import dev.holdfast.failure.Category;
import dev.holdfast.failure.Failure;
import dev.holdfast.llm.StreamEvent;
import dev.holdfast.llm.Usage;
import dev.holdfast.llm.dialect.Dialect;
import dev.holdfast.llm.dialect.StreamDecoder;
import dev.holdfast.llm.transport.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A streamed answer of a dialect that is known: it commits with its first content and needs its terminal marker. */
final class DialectStream implements Reading {
    private static final Failure NOT_STREAMED = Failure.of(
            Category.SERVER_ERROR, "response.not_streamed", "a stream was asked for and a whole answer came");

    private final Attempt attempt;
    private final StreamDecoder decoder;
    private boolean finished;
    private @Nullable Failure failure;

    DialectStream(Attempt attempt, Dialect dialect, ResponseHead head) {
        this.attempt = attempt;
        this.decoder = dialect.streamDecoder(head, this::onEvent);
    }

    private void onEvent(StreamEvent event) {
        if (event instanceof StreamEvent.UsageUpdate update) {
            tell(update.usage());
        } else if (event instanceof StreamEvent.Error error) {
            failure = error.failure();
        } else if (event instanceof StreamEvent.Finish finish) {
            tell(finish.response().usage());
            finished = !decoder.isWhole();
            failure = finished ? null : NOT_STREAMED;
        }
    }

    private void tell(Usage usage) {
        attempt.usage(usage.inputTokens(), usage.outputTokens());
    }

    @Override
    public boolean framed() {
        return true;
    }

    @Override
    public void feed(byte[] bytes) {
        decoder.feed(ByteBuffer.wrap(bytes));
    }

    @Override
    public void end() {
        decoder.end();
    }

    @Override
    public void fail(Throwable error) {
        decoder.fail(error, true);
    }

    @Override
    public boolean commits() {
        return decoder.contentStarted() && !decoder.isWhole();
    }

    @Override
    public boolean complete() {
        return finished;
    }

    @Override
    public @Nullable Failure failure() {
        return failure;
    }
}
