// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.llm.anthropic.AnthropicServer;
import dev.holdfast.llm.dialect.EventWriter;
import dev.holdfast.llm.dialect.ServerDialect;
import dev.holdfast.llm.openai.OpenAiServer;
import java.nio.ByteBuffer;

/** What a client speaks. */
enum Wire {
    CHAT("chat", new OpenAiServer(), "chatcmpl-", 503),
    MESSAGES("messages", new AnthropicServer(), "msg_", 529),
    EMBEDDINGS("embeddings", new OpenAiServer(), "", 503);

    private static final byte[] COMMENT = comment();
    private static final byte[] DONE = done();

    private final String operation;
    private final ServerDialect dialect;
    private final String idPrefix;
    private final int overloaded;

    Wire(String operation, ServerDialect dialect, String idPrefix, int overloaded) {
        this.operation = operation;
        this.dialect = dialect;
        this.idPrefix = idPrefix;
        this.overloaded = overloaded;
    }

    private static byte[] comment() {
        EventWriter writer = new EventWriter();
        writer.comment();
        return writer.take();
    }

    private static byte[] done() {
        EventWriter writer = new EventWriter();
        writer.data("[DONE]");
        return writer.take();
    }

    /** The word in records of calls. */
    String operation() {
        return operation;
    }

    ServerDialect dialect() {
        return dialect;
    }

    /** The id of an answer that has none of its own. */
    String answerId(String callId) {
        return idPrefix + callId;
    }

    /** The status by which clients of this dialect know an overloaded provider. */
    int overloaded() {
        return overloaded;
    }

    /** A piece of a stream that means nothing. */
    static ByteBuffer keepAlive() {
        return ByteBuffer.wrap(COMMENT);
    }

    /**
     * What follows the last event of a stream that is whole though its server did not say so. Only OpenAI's dialect ends
     * twice, by a finish reason and by a marker; some servers leave the second one out.
     */
    ByteBuffer marker() {
        return this == MESSAGES ? ByteBuffer.allocate(0) : ByteBuffer.wrap(DONE);
    }
}
