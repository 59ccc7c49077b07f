// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import dev.holdfast.gateway.config.GatewayConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows clients by their keys, of which only hashes are kept. A key comes as {@code Authorization: Bearer} or as {@code
 * x-api-key}, as OpenAI's and Anthropic's clients send it; both may be there if they say the same. A wrong key costs one hash
 * and one comparison per client, is remembered nowhere, and locks nobody out. Immutable, thread-safe.
 */
public final class ClientKeys {
    private static final String API_KEY = "x-api-key";
    private static final String BEARER = "Bearer ";

    private record Entry(KeyHash key, Identity.Known client) {}

    private final List<Entry> entries;

    /** @param clients empty for none: then everybody is {@link Identity.Known#ANONYMOUS}, whatever key is sent */
    public ClientKeys(List<GatewayConfig.Client> clients) {
        entries = clients.stream()
                .map(client -> new Entry(KeyHash.of(client.key()), Identity.Known.of(client)))
                .toList();
    }

    public Identity identify(HttpHeaders headers) {
        if (entries.isEmpty()) {
            return Identity.Known.ANONYMOUS;
        }
        List<String> authorizations = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        List<String> apiKeys = headers.getAll(API_KEY);
        if (authorizations.size() > 1 || apiKeys.size() > 1) {
            return new Identity.Unknown("Send one key, once.");
        }
        String bearer = authorizations.isEmpty() ? null : bearer(authorizations.get(0));
        String apiKey = apiKeys.isEmpty() ? null : apiKeys.get(0);
        if (bearer == null && apiKey == null) {
            return new Identity.Unknown("Send your key as Authorization: Bearer or as x-api-key.");
        }
        KeyHash key = KeyHash.ofSent(bearer != null ? bearer : apiKey);
        if (bearer != null && apiKey != null && !isSame(key, KeyHash.ofSent(apiKey))) {
            return new Identity.Unknown("Authorization and x-api-key hold different keys; send one of them.");
        }
        Identity.Known client = key == null ? null : find(key);
        return client != null ? client : new Identity.Unknown("This key is not known here.");
    }

    /** The key in an {@code Authorization} header's value; null if there is none. */
    public static @Nullable String bearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }

    private static boolean isSame(@Nullable KeyHash one, @Nullable KeyHash other) {
        return one != null && other != null && one.isSame(other);
    }

    /** Compares with all, found or not. */
    private Identity.@Nullable Known find(KeyHash key) {
        Identity.Known found = null;
        for (Entry entry : entries) {
            boolean same = entry.key.isSame(key);
            found = same && found == null ? entry.client : found;
        }
        return found;
    }
}
