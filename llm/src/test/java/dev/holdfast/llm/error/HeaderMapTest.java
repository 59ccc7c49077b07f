// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
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

    /** The quick "no" by the length of a name is never wrong, for long names either. */
    @Test
    void findsWhatASortedMapFinds() {
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            Map<String, List<String>> sent = new LinkedHashMap<>();
            Map<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (int i = random.nextInt(8); i > 0; i--) {
                String name = name(random);
                if (sorted.putIfAbsent(name, List.of("" + i)) == null) {
                    sent.put(name, List.of("" + i));
                }
            }

            Map<String, List<String>> headers = HeaderMap.copyOf(sent);

            assertThat(headers).isEqualTo(sent);
            for (int i = 0; i < 20; i++) {
                String name = name(random);
                assertThat(headers.get(name)).as(name).isEqualTo(sorted.get(name));
            }
        }
    }

    private static String name(Random random) {
        return (random.nextBoolean() ? "a" : "A").repeat(random.nextInt(140)) + (random.nextBoolean() ? "" : "b");
    }
}
