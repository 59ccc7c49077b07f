// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.observe;

import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;

/**
 * {@code GET /metrics}: Prometheus text, or OpenMetrics for one who asks for it by {@code Accept}. Works off the event loop:
 * the heap and the collectors take a moment to ask.
 */
public final class Scrape implements Endpoint {
    private final Metrics metrics;
    private final Executor executor;
    private final ExpositionFormats formats = ExpositionFormats.init();

    public Scrape(Metrics metrics, Executor executor) {
        this.metrics = metrics;
        this.executor = executor;
    }

    @Override
    public void handle(Request request, Response response) {
        executor.execute(() -> answer(request, response));
    }

    private void answer(Request request, Response response) {
        String accept = request.headers().get(HttpHeaderNames.ACCEPT);
        ExpositionFormatWriter text = formats.findWriter(accept);
        // The library would also take a wish for its binary format for granted, which is not on board.
        ExpositionFormatWriter writer = text.isAvailable() ? text : formats.getPrometheusTextFormatWriter();
        ByteArrayOutputStream body = new ByteArrayOutputStream(32 << 10);
        try {
            writer.write(body, metrics.scrape(), EscapingScheme.fromAcceptHeader(accept));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        response.send(
                200,
                new DefaultHttpHeaders()
                        .set(HttpHeaderNames.CONTENT_TYPE, writer.getContentType())
                        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                        .set("x-content-type-options", "nosniff"),
                body.toByteArray());
    }
}
