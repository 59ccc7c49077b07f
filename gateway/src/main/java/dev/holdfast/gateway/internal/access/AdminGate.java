// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.internal.http.Refusal;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.llm.Secret;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may look at the gateway and steer it. Browsers are the danger on loopback: any page can send requests there, and with a
 * name of its own that resolves to loopback even read the answers. So names are checked, state changes need a header that
 * pages cannot send elsewhere without asking, and nothing here ever answers such asking (CORS). Immutable, thread-safe.
 */
public final class AdminGate {
    private final @Nullable KeyHash adminKey;
    private final boolean publicObservability;
    private final boolean onLoopback;
    private final Set<String> hosts;

    /**
     * Of this configuration.
     *
     * @param bound the address that is really listened on
     */
    public AdminGate(GatewayConfig config, InetAddress bound) {
        this(config.adminKey(), config.publicObservability(), config.listen().hosts(), bound);
    }

    AdminGate(@Nullable Secret adminKey, boolean publicObservability, Set<String> hosts, InetAddress bound) {
        this.adminKey = adminKey == null ? null : KeyHash.of(adminKey);
        this.publicObservability = publicObservability;
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        onLoopback = bound.isLoopbackAddress();
    }

    /**
     * Whether the request was meant for us: for every path. On loopback its {@code Host} must be loopback's or listed; beyond
     * loopback names are the operator's business.
     *
     * @return null for yes
     */
    public @Nullable Refusal host(Request request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        // without a Host it is no browser
        if (!onLoopback || host == null || HostNames.isLoopback(host) || hosts.contains(HostNames.withoutPort(host))) {
            return null;
        }
        return new Refusal(
                421,
                "host_not_allowed",
                "This gateway listens on loopback only and does not know the name in the Host header; "
                        + "add it to listen.hosts in the configuration if it is yours.");
    }

    /**
     * Whether the sender may change something: for all of {@code /admin}.
     *
     * @return null for yes
     */
    public @Nullable Refusal admin(Request request) {
        Refusal byKey = key(request.headers());
        return byKey != null || !request.method().equals("POST") ? byKey : post(request.headers());
    }

    /**
     * Whether the sender may see the state: for {@code /api} and {@code /metrics}.
     *
     * @return null for yes
     */
    public @Nullable Refusal observability(Request request) {
        return onLoopback || publicObservability ? null : key(request.headers());
    }

    private @Nullable Refusal key(HttpHeaders headers) {
        if (adminKey == null) {
            return new Refusal(
                    403,
                    "no_admin_key",
                    "No admin key is configured, so nobody is an admin; set admin_key to change that.");
        }
        List<String> sent = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        KeyHash key = sent.size() == 1 ? KeyHash.ofSent(ClientKeys.bearer(sent.get(0))) : null;
        return key != null && adminKey.isSame(key)
                ? null
                : new Refusal(401, "invalid_admin_key", "Send the admin key as Authorization: Bearer.");
    }

    private static @Nullable Refusal post(HttpHeaders headers) {
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!HostNames.isOriginOf(origin, headers.get(HttpHeaderNames.HOST))) {
                return new Refusal(403, "cross_origin", "Admin requests of pages from other sites are refused.");
            }
        }
        return JsonBodies.isTold(headers)
                ? null
                : new Refusal(
                        415, "unsupported_media_type", "Send Content-Type: application/json, also without a body.");
    }
}
