// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Headers as the listener gets them: names as received, values in their order. */
final class Heads {
    private Heads() {}

    static Map<String, List<String>> of(HttpHeaders headers) {
        Map<String, List<String>> map = new LinkedHashMap<>(headers.size() * 2);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            add(map, all.next());
        }
        return map;
    }

    static Map<String, List<String>> of(Http2Headers headers) {
        Map<String, List<String>> map = new LinkedHashMap<>(headers.size() * 2);
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(header.getKey())) {
                add(map, header);
            }
        }
        return map;
    }

    /** 0 when there is none that HTTP knows. */
    static int status(Http2Headers headers) {
        CharSequence text = headers.status();
        try {
            return text == null ? 0 : Integer.parseInt(text, 0, text.length(), 10);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void add(Map<String, List<String>> map, Map.Entry<CharSequence, CharSequence> header) {
        map.computeIfAbsent(header.getKey().toString(), name -> new ArrayList<>(1))
                .add(header.getValue().toString());
    }
}
