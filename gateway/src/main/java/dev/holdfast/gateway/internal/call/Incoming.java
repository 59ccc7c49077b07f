// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.internal.access.ClientKeys;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.route.Upstream;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.dialect.DecodedRequest;
import dev.holdfast.llm.dialect.EncodedRequest;
import dev.holdfast.llm.dialect.RawRequest;
import dev.holdfast.llm.openai.OpenAiEmbeddings;
import dev.holdfast.llm.transport.TransportRequest;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client asks for, in the form that each target wants it in. Thread-safe: attempts can overlap. */
final class Incoming {
    private static final Set<String> FORWARDED =
            Set.of("anthropic-version", "anthropic-beta", "traceparent", "tracestate", "idempotency-key");
    private static final String OPENAI = "openai-";

    private final Request request;
    private final RawRequest raw;
    private final Wire wire;

    // guarded by this
    private @Nullable DecodedRequest decoded;
    private @Nullable Map<String, String> forwarded;

    Incoming(Request request, RawRequest raw, Wire wire) {
        this.request = request;
        this.raw = raw;
        this.wire = wire;
    }

    String model() {
        return raw.model();
    }

    boolean stream() {
        return raw.stream();
    }

    boolean isSpokenBy(Upstream upstream) {
        return upstream.dialect().name().equals(wire.dialect().name());
    }

    /**
     * The request as this target is to get it: as it is but for the model's name, or translated.
     *
     * @throws dev.holdfast.llm.dialect.InvalidRequestException if it has to be translated and cannot be read
     */
    EncodedRequest encoded(Upstream upstream) {
        if (wire == Wire.EMBEDDINGS) {
            return embeddings(upstream);
        }
        return isSpokenBy(upstream)
                ? upstream.dialect().passedOn(raw.withModel(upstream.model()), raw.stream())
                : upstream.encoded(decoded().request(), raw.stream());
    }

    private EncodedRequest embeddings(Upstream upstream) {
        if (!isSpokenBy(upstream)) {
            throw upstream.dialect().errors().notCarried("embeddings");
        }
        return new OpenAiEmbeddings(upstream.dialect().errors()).passedOn(raw.withModel(upstream.model()));
    }

    /** Read once, and only where a target speaks another dialect. */
    synchronized DecodedRequest decoded() {
        DecodedRequest known = decoded;
        if (known == null) {
            known = wire.dialect().decodeRequest(request.body());
            decoded = known;
        }
        return known;
    }

    /** How a stream shall end; where nothing had to be decoded there is nobody to ask. */
    synchronized boolean streamUsage() {
        return decoded != null && decoded.streamUsage();
    }

    /** The encoded request as it goes out, with those of the client's headers that this target gets. */
    TransportRequest addressed(Upstream upstream, EncodedRequest encoded, String callId, Duration connectTimeout) {
        Map<String, String> along = isSpokenBy(upstream) ? forwarded() : Map.of();
        Secret key = upstream.passThrough() ? credential() : null;
        return upstream.request(encoded, along, key, callId, connectTimeout);
    }

    private synchronized Map<String, String> forwarded() {
        Map<String, String> known = forwarded;
        if (known == null) {
            known = new LinkedHashMap<>(4);
            for (Map.Entry<String, String> header : request.headers()) {
                String name = header.getKey();
                if (name.length() >= OPENAI.length() && isForwarded(name)) {
                    known.putIfAbsent(name.toLowerCase(Locale.ROOT), header.getValue());
                }
            }
            forwarded = known;
        }
        return known;
    }

    private static boolean isForwarded(String name) {
        char first = name.charAt(0);
        return (first | 0x20) == 'o'
                ? name.regionMatches(true, 0, OPENAI, 0, OPENAI.length())
                : FORWARDED.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The credential that the client came with, in either dialect's header; null for none. */
    private @Nullable Secret credential() {
        HttpHeaders headers = request.headers();
        String key = headers.get("x-api-key");
        if (key == null) {
            key = ClientKeys.bearer(headers.get("authorization"));
        }
        try {
            return key == null ? null : Secret.of(key);
        } catch (IllegalArgumentException e) {
            return null; // no header can carry it
        }
    }

    /** About how many tokens it will use, for pacers: four bytes to one, pictures left aside, and an answer. */
    long tokens() {
        return Math.min(request.body().length / 4, 16_384) + 500L;
    }
}
