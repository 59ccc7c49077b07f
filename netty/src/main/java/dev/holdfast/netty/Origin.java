// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import java.net.URI;
import java.util.Locale;

/**
 * Where connections lead.
 *
 * @param secure whether TLS is spoken
 * @param host a name or an address in lower case, IPv6 without brackets
 * @param port never absent
 */
record Origin(boolean secure, String host, int port) {

    /** @throws IllegalArgumentException if this is no absolute http or https address with a host */
    static Origin of(URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (!secure && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("scheme must be http or https: " + uri.getScheme());
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw new IllegalArgumentException("address has no host");
        }
        String bare = host.charAt(0) == '[' ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        return new Origin(secure, bare.toLowerCase(Locale.ROOT), port);
    }

    /** As the Host header and {@code :authority} want it: without the scheme's own port. */
    String authority() {
        String shown = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return port == (secure ? 443 : 80) ? shown : shown + ':' + port;
    }

    String scheme() {
        return secure ? "https" : "http";
    }
}
