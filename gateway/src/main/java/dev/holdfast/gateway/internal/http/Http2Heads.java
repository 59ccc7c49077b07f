// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;

/** Reads the head of an HTTP/2 request as strictly as the one of HTTP/1; what the codec has checked is not checked again. */
final class Http2Heads {
    private Http2Heads() {}

    /** @param complete whether no body follows */
    static Head parse(Http2Headers fields, boolean complete) {
        CharSequence method = fields.method();
        CharSequence target = fields.path();
        if (method == null || target == null) {
            throw Refusal.badRequest("A request needs a method and a path.").refused();
        }
        checkMethod(method);
        Grammar.checkTarget(target);
        HttpHeaders headers = headers(fields);
        String path = target.toString();
        int mark = path.indexOf('?');
        return new Head(
                method.toString(),
                mark < 0 ? path : path.substring(0, mark),
                mark < 0 ? "" : path.substring(mark + 1),
                headers,
                false,
                true,
                complete ? 0 : length(headers),
                "100-continue".equalsIgnoreCase(headers.get(HttpHeaderNames.EXPECT)));
    }

    private static void checkMethod(CharSequence method) {
        for (int i = 0; i < method.length(); i++) {
            if (method.charAt(i) < 'A' || method.charAt(i) > 'Z') {
                throw Refusal.badRequest("The method must be in upper case.").refused();
            }
        }
    }

    private static HttpHeaders headers(Http2Headers fields) {
        if (fields.size() > HeadReader.FIELDS) {
            throw HeadReader.tooLarge();
        }
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            CharSequence name = field.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                check(name, field.getValue());
                headers.add(name.toString(), field.getValue().toString());
            }
        }
        CharSequence authority = fields.authority();
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (authority != null) {
            check("host", authority);
            if (hosts.size() > 1 || (hosts.size() == 1 && !hosts.get(0).contentEquals(authority))) {
                throw Refusal.badRequest("Host and :authority must be the same.")
                        .refused();
            }
            headers.set(HttpHeaderNames.HOST, authority.toString());
        } else if (hosts.size() != 1) {
            throw Refusal.badRequest("Exactly one :authority or Host is needed.")
                    .refused();
        }
        return headers;
    }

    private static void check(CharSequence name, CharSequence value) {
        boolean good = true;
        for (int i = 0; i < name.length(); i++) {
            good &= name.charAt(i) < 0x80 && Grammar.inName((byte) name.charAt(i));
        }
        for (int i = 0; i < value.length(); i++) {
            good &= value.charAt(i) <= 0xff && Grammar.inValue((byte) value.charAt(i));
        }
        if (!good) {
            throw Refusal.badRequest("A header field holds a character that is not allowed.")
                    .refused();
        }
    }

    private static long length(HttpHeaders headers) {
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.isEmpty()) {
            return -1;
        }
        if (lengths.size() > 1 || !HeadParser.isNumber(lengths.get(0))) {
            throw Refusal.badRequest("Content-Length must be one number, once.").refused();
        }
        return Long.parseLong(lengths.get(0));
    }
}
