// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.http.Endpoint;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;

/** Stands before endpoints that are not for everybody. */
@FunctionalInterface
public interface Gate {
    /** Whether the request may go on; if not it has been answered here. */
    boolean lets(Request request, Response response);

    /** The endpoint for those who are let through. */
    default Endpoint before(Endpoint endpoint) {
        return (request, response) -> {
            if (lets(request, response)) {
                endpoint.handle(request, response);
            }
        };
    }
}
