// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

/** Answers requests. Called on the connection's event loop and must not block; may answer later, from any thread. */
@FunctionalInterface
public interface Endpoint {
    void handle(Request request, Response response);
}
