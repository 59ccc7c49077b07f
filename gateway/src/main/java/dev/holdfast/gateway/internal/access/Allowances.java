// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.time.Ticker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The allowance of each client. Immutable; a reload makes another, which keeps what has not changed. Thread-safe. */
public final class Allowances {
    private final Ticker ticker;
    private final Map<String, Allowance> byName;
    private final Allowance unlimited;

    private Allowances(Ticker ticker, Map<String, Allowance> byName) {
        this.ticker = ticker;
        this.byName = Map.copyOf(byName);
        unlimited = new Allowance(Identity.Known.ANONYMOUS, ticker);
    }

    /** All full. */
    public static Allowances of(List<GatewayConfig.Client> clients, Ticker ticker) {
        return new Allowances(ticker, Map.of()).reloaded(clients);
    }

    /** Those whose name and limits are the same go on where they are; others start full. */
    public Allowances reloaded(List<GatewayConfig.Client> clients) {
        Map<String, Allowance> next = new HashMap<>();
        for (GatewayConfig.Client client : clients) {
            Identity.Known known = Identity.Known.of(client);
            Allowance current = byName.get(client.name());
            next.put(client.name(), current != null && current.isFor(known) ? current : new Allowance(known, ticker));
        }
        return new Allowances(ticker, next);
    }

    /** Without limits for a client that has none here. */
    public Allowance of(Identity.Known client) {
        return byName.getOrDefault(client.name(), unlimited);
    }
}
