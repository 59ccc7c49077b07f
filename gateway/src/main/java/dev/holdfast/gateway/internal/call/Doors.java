// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.call;

import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.internal.access.Allowance;
import dev.holdfast.gateway.internal.access.Allowances;
import dev.holdfast.gateway.internal.access.ClientKeys;
import dev.holdfast.gateway.internal.access.Identity;
import dev.holdfast.time.Ticker;
import io.netty.handler.codec.http.HttpHeaders;

/** Who may call, by one configuration. Immutable and thread-safe. */
record Doors(ClientKeys keys, Allowances allowances) {
    static Doors of(GatewayConfig config, Ticker ticker) {
        return new Doors(new ClientKeys(config.clients()), Allowances.of(config.clients(), ticker));
    }

    /** By another configuration: what clients have used up stays so. */
    Doors reloaded(GatewayConfig config) {
        return new Doors(new ClientKeys(config.clients()), allowances.reloaded(config.clients()));
    }

    Identity identify(HttpHeaders headers) {
        return keys.identify(headers);
    }

    Allowance allowance(Identity.Known client) {
        return allowances.of(client);
    }
}
