// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Provider;
import java.util.Map;

/** The pages of proxies in front of a provider: no JSON, no hint of the dialect. */
final class ProxyPages {
    private static final String HTML = "text/html";

    private ProxyPages() {}

    static ErrorBody of(Provider proxy, int status, long serial) {
        String title = status + " " + reason(status);
        return switch (proxy) {
            case NGINX ->
                new ErrorBody(
                        HTML,
                        "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title
                                + "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
                        Map.of("server", "nginx"));
            case CLOUDFLARE ->
                status >= 520
                        ? new ErrorBody("text/plain; charset=UTF-8", "error code: " + status, cloudflare(serial))
                        : new ErrorBody(
                                HTML,
                                "<!DOCTYPE html>\n<html><head><title>sim | " + title + "</title></head>\n<body><h1>"
                                        + title + "</h1><p>Ray ID: sim" + serial + "</p></body></html>\n",
                                cloudflare(serial));
            default ->
                new ErrorBody(
                        HTML,
                        "<html><body><h1>" + title
                                + "</h1>\nNo server is available to handle this request.\n</body></html>\n",
                        Map.of("cache-control", "no-cache"));
        };
    }

    private static Map<String, String> cloudflare(long serial) {
        return Map.of("server", "cloudflare", "cf-ray", "sim" + serial + "-SIM");
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 408 -> "Request Time-out";
            case 413 -> "Request Entity Too Large";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Temporarily Unavailable";
            case 504 -> "Gateway Time-out";
            default -> status < 500 ? "Bad Request" : "Server Error";
        };
    }
}
