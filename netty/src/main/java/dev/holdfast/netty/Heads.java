// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.handler.codec.http.HttpHeaders;
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
            Map.Entry<CharSequence, CharSequence> header = all.next();
            map.computeIfAbsent(header.getKey().toString(), name -> new ArrayList<>(1))
                    .add(header.getValue().toString());
        }
        return map;
    }
}
