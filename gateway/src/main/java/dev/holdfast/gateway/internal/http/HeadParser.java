// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/**
 * Reads a whole HTTP/1 head (RFC 9112), strictly: whatever two implementations could understand in two ways is refused, so
 * that nobody can smuggle a request past a proxy in front of us. One per head.
 */
final class HeadParser {
    private final byte[] bytes;
    private final HttpHeaders headers =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    private int at;

    private HeadParser(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param head up to and with the empty line; each line ends with CR LF */
    static Head parse(byte[] head) {
        return new HeadParser(head).parse();
    }

    private Head parse() {
        int lineEnd = lineEnd();
        String method = method(lineEnd);
        int targetStart = at;
        while (at < lineEnd && bytes[at] != ' ') {
            at++;
        }
        String target = new String(bytes, targetStart, at - targetStart, ISO_8859_1);
        boolean http10 = http10(lineEnd);
        Grammar.checkTarget(target);
        at = lineEnd + 2;
        while (bytes[at] != '\r') {
            field();
        }
        int mark = target.indexOf('?');
        checkHost(http10);
        return new Head(
                method,
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                headers,
                http10,
                keepAlive(http10),
                contentLength(http10),
                expectsContinue(http10));
    }

    /** Of the CR that, with its LF, ends the line; CR nowhere else. */
    private int lineEnd() {
        int end = at;
        while (bytes[end] != '\r') {
            end++;
        }
        if (bytes[end + 1] != '\n') {
            throw Refusal.badRequest("A CR must be followed by LF.").refused();
        }
        return end;
    }

    private String method(int lineEnd) {
        int start = at;
        while (at < lineEnd && Grammar.inName(bytes[at])) {
            at++;
        }
        if (at == start || at == lineEnd || bytes[at] != ' ') {
            throw Refusal.badRequest("The request line must be: method, one space, path, one space, HTTP/1.1.")
                    .refused();
        }
        String method = new String(bytes, start, at - start, ISO_8859_1);
        at++;
        return method.equals("POST") || method.equals("GET") ? method : upperCase(method);
    }

    private static String upperCase(String method) {
        // methods are case-sensitive: post is not POST, and nobody needs a method in lower case
        if (!method.equals(method.toUpperCase(Locale.ROOT))) {
            throw Refusal.badRequest("The method must be in upper case.").refused();
        }
        return method;
    }

    private boolean http10(int lineEnd) {
        String version = at < lineEnd ? new String(bytes, at + 1, lineEnd - at - 1, ISO_8859_1) : "";
        return switch (version) {
            case "HTTP/1.1" -> false;
            case "HTTP/1.0" -> true;
            default -> {
                if (version.matches("HTTP/[0-9]\\.[0-9]")) {
                    throw new Refusal(505, "http_version", "Use HTTP/1.1, or HTTP/2 from the first byte on.").refused();
                }
                throw Refusal.badRequest("The request line must be: method, one space, path, one space, HTTP/1.1.")
                        .refused();
            }
        };
    }

    private void field() {
        int lineEnd = lineEnd();
        int start = at;
        while (Grammar.inName(bytes[at])) {
            at++;
        }
        if (at == start || bytes[at] != ':') {
            throw Refusal.badRequest("A header field must be: name, colon at once, value, all on one line.")
                    .refused();
        }
        int valueStart = at + 1;
        int valueEnd = lineEnd;
        while (valueStart < valueEnd && isSpace(bytes[valueStart])) {
            valueStart++;
        }
        while (valueEnd > valueStart && isSpace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        for (int i = valueStart; i < valueEnd; i++) {
            if (!Grammar.inValue(bytes[i])) {
                throw Refusal.badRequest("A header field's value holds a control character.")
                        .refused();
            }
        }
        headers.add(
                new String(bytes, start, at - start, ISO_8859_1),
                new String(bytes, valueStart, valueEnd - valueStart, ISO_8859_1));
        at = lineEnd + 2;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private void checkHost(boolean http10) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && !http10)) {
            throw Refusal.badRequest("Exactly one Host header is needed.").refused();
        }
    }

    private boolean keepAlive(boolean http10) {
        return http10
                ? headers.containsValue(HttpHeaderNames.CONNECTION, "keep-alive", true)
                        && !headers.containsValue(HttpHeaderNames.CONNECTION, "close", true)
                : !headers.containsValue(HttpHeaderNames.CONNECTION, "close", true);
    }

    private long contentLength(boolean http10) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!codings.isEmpty()) {
            if (http10
                    || !lengths.isEmpty()
                    || codings.size() > 1
                    || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw Refusal.badRequest("Send either one Content-Length or exactly Transfer-Encoding: chunked.")
                        .refused();
            }
            return -1;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        String length = lengths.get(0);
        if (lengths.size() > 1 || !isNumber(length)) {
            throw Refusal.badRequest("Content-Length must be one number, once.").refused();
        }
        return Long.parseLong(length);
    }

    static boolean isNumber(String length) {
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                return false;
            }
        }
        return length.length() >= 1 && length.length() <= 18;
    }

    private boolean expectsContinue(boolean http10) {
        String expect = headers.get(HttpHeaderNames.EXPECT);
        if (expect == null || http10) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new Refusal(417, "expectation_failed", "Only Expect: 100-continue is understood.").refused();
        }
        return true;
    }
}
