// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderMapTest {
    /** Few lie in a list, many in a sorted map. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void findsNamesInAnyCaseAndJoinsTheirValues(int more) {
        Map<String, List<String>> sent = new LinkedHashMap<>();
        sent.put("Retry-After", List.of("1"));
        sent.put("x-a", List.of("2"));
        sent.put("RETRY-AFTER", List.of("3", "4"));
        for (int i = 0; i < more; i++) {
            sent.put("x-more-" + i, List.of());
        }

        Map<String, List<String>> headers = HeaderMap.copyOf(sent);

        assertThat(headers).hasSize(2 + more).containsKey("X-A").doesNotContainKeys("x-b", "retry-afte");
        assertThat(headers.get("retry-after")).containsExactly("1", "3", "4");
        assertThat(headers.get("X-a")).containsExactly("2");
        assertThat(headers.entrySet()).hasSize(2 + more);
        assertThatThrownBy(() -> headers.put("x-b", List.of())).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void laterChangesOfTheSourceDoNotShow(int more) {
        Map<String, List<String>> sent = new LinkedHashMap<>();
        sent.put("x-a", List.of("1"));
        for (int i = 0; i < more; i++) {
            sent.put("x-more-" + i, List.of());
        }

        Map<String, List<String>> headers = HeaderMap.copyOf(sent);
        sent.put("x-b", List.of("2"));

        assertThat(headers).doesNotContainKey("x-b");
    }
}
