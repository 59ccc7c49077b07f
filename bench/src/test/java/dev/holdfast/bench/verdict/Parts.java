// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The parts of the corpus that are worth a column of their own, in the order of the page. */
final class Parts {
    static final Map<String, Predicate<ErrorCase>> ALL = all();

    private Parts() {}

    private static Map<String, Predicate<ErrorCase>> all() {
        Map<String, Predicate<ErrorCase>> all = new LinkedHashMap<>();
        all.put("responses", error -> error.transport().equals("http"));
        all.put("in streams", ErrorCase::isStream);
        all.put("exceptions", error -> error.exception() != null);
        all.put("verbatim", error -> List.of("wire", "exception").contains(error.form()));
        all.put("OpenAI", error -> error.provider().equals("openai") && error.exception() == null);
        all.put("Anthropic", error -> error.provider().equals("anthropic") && error.exception() == null);
        return all;
    }
}
