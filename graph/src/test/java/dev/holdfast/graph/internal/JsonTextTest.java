// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the object is in what a model wrote: HIVE-GRAPH-87 to 102, and what the reference system does not find. */
class JsonTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"key\": \"value\"} | {\"key\":\"value\"}",
                "  {\"key\": \"value\"}%n | {\"key\":\"value\"}",
                "```json%n{\"key\": \"value\"}%n``` | {\"key\":\"value\"}",
                "```%n{\"key\": \"value\"}%n``` | {\"key\":\"value\"}",
                "Here:%n```json%n{\"key\": \"value\"}%n```%nDone. | {\"key\":\"value\"}",
                "The answer is {\"key\": \"value\"} as requested. | {\"key\":\"value\"}",
                "{\"outer\":{\"inner\":\"value\"}} | {\"outer\":{\"inner\":\"value\"}}",
                "{\"a\":{\"b\":{\"c\":{\"d\":\"deep\"}}}} | {\"a\":{\"b\":{\"c\":{\"d\":\"deep\"}}}}",
                "{\"items\":[1,2,3]} | {\"items\":[1,2,3]}",
                "{\"code\":\"function() { return 1; }\"} | {\"code\":\"function() { return 1; }\"}",
                "{\"message\": \"He said \\\"hello\\\"\"} | {\"message\":\"He said \\\"hello\\\"\"}",
                "{\"first\": 1} and then {\"second\": 2} | {\"first\":1}",
                "{\"a\":true,\"b\":false,\"c\":null} | {\"a\":true,\"b\":false,\"c\":null}",
                "{\"n\":42,\"x\":19.99} | {\"n\":42,\"x\":19.99}",
                "[{\"a\":1}] | {\"a\":1}",
                "bad {x} then {\"a\":1} | {\"a\":1}",
                "{\"text\": \"two%nlines\"} | {\"text\":\"two\\nlines\"}",
                "```json%n{\"key\": \"value\"} | {\"key\":\"value\"}",
            })
    void objectIsFound(String text, String expected) {
        assertThat(Json.string(Json.node(JsonText.object(text.replace("%n", "\n")))))
                .isEqualTo(expected);
    }

    @Test
    void whatIsNoObjectIsNone() {
        for (String text : new String[] {"This is not JSON at all", "", "[1, 2]", "{", "}{", "```", "42"}) {
            assertThat(JsonText.object(text)).as(text).isNull();
        }
    }
}
