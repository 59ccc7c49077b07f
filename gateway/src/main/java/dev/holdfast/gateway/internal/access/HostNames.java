// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands in a {@code Host} header. What is not exactly in its form is nobody's name. */
final class HostNames {
    private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");
    private static final String OCTET = "(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost\\.?|127\\." + OCTET + "\\." + OCTET + "\\." + OCTET + "|\\[::1]");

    private HostNames() {}

    /** In lower case. */
    static String withoutPort(String host) {
        return PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(withoutPort(host)).matches();
    }

    /** Whether a page of this origin comes from this host itself, be it through a proxy that speaks TLS. */
    static boolean isOriginOf(String origin, @Nullable String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }
}
