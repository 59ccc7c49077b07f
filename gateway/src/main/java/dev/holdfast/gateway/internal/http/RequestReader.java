// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import dev.holdfast.gateway.config.GatewayConfig.Limits;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the requests of an HTTP/1 connection, one after the other. One per connection, not thread-safe. */
final class RequestReader {
    enum Progress {
        /** More bytes are needed. */
        WAITING,
        /** The head is there; a body follows. */
        HEAD,
        REQUEST
    }

    private static final byte[] EMPTY = {};

    private final Limits limits;
    private final BodyBudget budget;
    private final HeadReader heads;
    private @Nullable Head head;
    private @Nullable BodyReader body;

    RequestReader(Limits limits, BodyBudget budget) {
        this.limits = limits;
        this.budget = budget;
        heads = new HeadReader(limits.headerBytes());
    }

    Progress read(ByteBuf in) {
        BodyReader reader = body;
        if (reader != null) {
            return reader.read(in) ? Progress.REQUEST : Progress.WAITING;
        }
        byte[] bytes = heads.read(in);
        if (bytes == null) {
            return Progress.WAITING;
        }
        Head parsed = HeadParser.parse(bytes);
        HttpServer.checkEncoding(parsed.headers());
        head = parsed;
        if (!parsed.hasBody()) {
            return Progress.REQUEST;
        }
        body = new BodyReader(parsed, budget, limits.bodyBytes());
        return Progress.HEAD;
    }

    /** Of the request that was read. */
    Head head() {
        return Objects.requireNonNull(head);
    }

    byte[] body() {
        return body == null ? EMPTY : body.body();
    }

    /** The request is needed no longer; the next one may be read. May be called again. */
    void next() {
        if (body != null) {
            body.giveBack();
        }
        body = null;
        head = null;
    }
}
