// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * Whether a request says that it brings JSON. A browser asks before a page may say that to another site, and is told no: so
 * no page that somebody visits can make calls of a gateway on their machine, where whatever comes from a page has to say so.
 */
public final class JsonBodies {
    private static final String JSON = "application/json";

    private JsonBodies() {}

    /** Browsers name the page's site with each POST; other clients have none. */
    public static boolean isOfAPage(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.ORIGIN);
    }

    /** Parameters such as a charset may follow. */
    public static boolean isTold(HttpHeaders headers) {
        List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
        if (types.size() != 1) {
            return false;
        }
        String type = types.get(0);
        return type.equals(JSON) || type.split(";", 2)[0].strip().equalsIgnoreCase(JSON);
    }
}
