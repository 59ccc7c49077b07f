// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.admin;

import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.gateway.internal.http.Response;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /} and the files that the page asks for, from the class path. Everything may come from here only: no script,
 * style or request to another host, and no frame around it.
 */
final class DashboardFiles {
    private static final String FOLDER = "/dev/holdfast/gateway/dashboard/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.([a-z0-9]+)");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "webmanifest", "application/manifest+json",
            "woff2", "font/woff2");

    private final Executor executor;
    /** Files that exist, by their name: no more than were shipped. */
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    DashboardFiles(Executor executor) {
        this.executor = executor;
    }

    /** {@code GET /} */
    void page(Request request, Response response) {
        file("index.html", request, response);
    }

    /** {@code GET /{name}} */
    void file(String name, Request request, Response response) {
        executor.execute(() -> send("", name, response));
    }

    /** {@code GET /assets/{name}} */
    void asset(String name, Request request, Response response) {
        executor.execute(() -> send("assets/", name, response));
    }

    private void send(String folder, String name, Response response) {
        Matcher matcher = NAME.matcher(name);
        String type = matcher.matches() ? TYPES.get(matcher.group(1)) : null;
        byte[] file = type == null ? null : file(folder + name);
        if (file == null || type == null) {
            Answers.error(response, 404, "not_found", "There is nothing at this path.");
        } else {
            response.send(200, headers(type), file);
        }
    }

    private byte @Nullable [] file(String name) {
        byte[] known = files.get(name);
        if (known != null) {
            return known;
        }
        try (InputStream in = DashboardFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                return null;
            }
            byte[] read = in.readAllBytes();
            files.put(name, read);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpHeaders headers(String type) {
        return Answers.headers(type)
                .set(
                        "content-security-policy",
                        "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'")
                .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
                .set("cross-origin-resource-policy", "same-origin")
                .set("referrer-policy", "no-referrer");
    }
}
