// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import dev.holdfast.gateway.config.GatewayConfig.Limits;
import java.time.Duration;

/** Limits of tests: the defaults, with some tightened. */
final class TestLimits {
    private Limits limits = Limits.defaults();

    static TestLimits tightened() {
        return new TestLimits();
    }

    TestLimits bodyBytes(int bytes) {
        limits = new Limits(
                bytes,
                limits.headerBytes(),
                limits.headerTimeout(),
                limits.bodyTimeout(),
                limits.idleTimeout(),
                limits.connections());
        return this;
    }

    TestLimits timeouts(Duration header, Duration body, Duration idle) {
        limits = new Limits(limits.bodyBytes(), limits.headerBytes(), header, body, idle, limits.connections());
        return this;
    }

    TestLimits connections(int connections) {
        limits = new Limits(
                limits.bodyBytes(),
                limits.headerBytes(),
                limits.headerTimeout(),
                limits.bodyTimeout(),
                limits.idleTimeout(),
                connections);
        return this;
    }

    Limits build() {
        return limits;
    }
}
