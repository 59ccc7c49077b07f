// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Plain bodies mean the same to the quick reader and to the general one, and only plain ones are read quickly. */
class PlainJsonTest {
    private static final int ROUNDS = 40_000;

    private static final String[] KEYS = {
        "error",
        "Error",
        "code",
        "Code",
        "type",
        "message",
        "MESSAGE",
        "details",
        "status",
        "param",
        "id",
        "usage",
        "errors",
        "content",
        "retry_after",
        "inner_error",
        "",
        "ключ",
        "a b",
        "errorType"
    };

    private static final String[] STRINGS = {
        "",
        "x",
        "server_error",
        "two words",
        "line\\nbreak",
        "\\\"quoted\\\"",
        "\\u00e9\\uD83d\\uDe00",
        "ns#Code",
        "429",
        "{\\\"code\\\":\\\"inner\\\"}",
        "Error code: 429 - {'type': 'loose'}",
        "a:b",
        "余额",
        "\u2028",
        "\\u12",
        "\\x",
        "\u0001",
        "{\\\"error\\\":{\\\"message\\\":\\\"deep\\\"}} behind"
    };

    private static final String[] OTHERS = {
        "0",
        "7",
        "429",
        "00",
        "-1",
        "1.5",
        "1e3",
        "123456789012345678",
        "1234567890123456789012",
        "null",
        "true",
        "false",
        "nul",
        "None",
        "'single'",
        "+1",
        ".5",
        "1."
    };

    @Test
    void plainBodiesHaveTheOutlineOfTheirTree() {
        long seed = System.nanoTime();
        System.out.println("plain JSON seed " + seed);
        Random random = new Random(seed);
        int plain = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = text(random);

            PlainJson outline = PlainJson.of(text);

            if (outline != null) {
                plain++;
                JsonNode tree = ErrorReader.parse(text);
                assertThat(tree).as(text).isNotNull();
                int behind = compare(text, outline, 0, "", tree);
                assertThat(behind).as(text).isEqualTo(outline.behind(0));
            }
        }
        assertThat(plain).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    @Test
    void plainBodiesFillTheSameFieldsAsTheirTree() {
        long seed = System.nanoTime();
        System.out.println("plain JSON seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            String text = text(random);
            JsonNode tree = ErrorReader.parse(text);
            if (tree != null) {
                ErrorFields quick = new ErrorFields();
                ErrorFields general = new ErrorFields();

                new ErrorReader(quick).read(text);
                new ErrorReader(general).read(tree);

                assertThat(fields(quick)).as(text).isEqualTo(fields(general));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{",
                "{}x",
                "{} {}",
                "\"text\"",
                "[1,]",
                "{\"a\":1,}",
                "{\"a\":1 \"b\":2}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":-1}",
                "{\"a\":1.0}",
                "{\"a\":nul}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"open}",
                "{\"\\u0061\":1}",
                "{\"é\":1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"A\":2}",
                "{\"error\":{\"retry_after\":3}}",
                "\uFEFF{}",
                "[[[[[[[[[[]]]]]]]]]]"
            })
    void whatIsNotPlainIsLeftToTheGeneralReader(String text) {
        assertThat(PlainJson.of(text)).isNull();
    }

    @Test
    void manyValuesAreLeftToTheGeneralReader() {
        String most = "[" + "1,".repeat(PlainJson.MAX_VALUES - 2) + "1]";

        assertThat(PlainJson.of(most)).isNotNull();
        assertThat(PlainJson.of("[1," + most.substring(1))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "retrydelay",
                "estimated_time",
                "resets_in_seconds",
                "retry_after",
                "retryafter",
                "retry_after_seconds",
                "retryafterseconds",
                "retry_after_secs",
                "retry_in",
                "wait_seconds",
                "retry_after_ms",
                "retryafterms"
            })
    void fieldsOfWaitsAreReadInPlainBodiesToo(String key) {
        ErrorFields fields = new ErrorFields();

        new ErrorReader(fields).read("{\"error\":{\"" + key.toUpperCase(Locale.ROOT) + "\":7}}");

        assertThat(fields.fieldWait()).isEqualTo(key.endsWith("ms") ? Duration.ofMillis(7) : Duration.ofSeconds(7));
    }

    @Test
    void fieldsOfLimitsAreReadInPlainBodiesToo() {
        ErrorFields fields = new ErrorFields();

        new ErrorReader(fields).read("{\"quotaId\":\"RequestsPerDay\",\"quotaValue\":\"0\",\"headers\":{\"a\":\"b\"}}");
        new ErrorReader(fields).read("{\"quota_limit_value\":\"0\"}");

        assertThat(fields.holds(Fact.DAILY)).isTrue();
        assertThat(fields.holds(Fact.ZERO_LIMIT)).isTrue();
        assertThat(fields.innerHeaders()).containsEntry("a", "b");
    }

    /** Compares the value and what it holds; tells the number behind it. */
    private static int compare(String text, PlainJson outline, int value, String key, JsonNode tree) {
        assertThat(outline.role(value)).as(text).isEqualTo(ErrorKeys.roleOf(key.toLowerCase(Locale.ROOT)));
        assertThat(outline.isContainer(value)).as(text).isEqualTo(tree.isContainer());
        int next = value + 1;
        switch (outline.kind(value)) {
            case OBJECT -> {
                assertThat(tree.isObject()).as(text).isTrue();
                for (Map.Entry<String, JsonNode> property : tree.properties()) {
                    next = compare(text, outline, next, property.getKey(), property.getValue());
                }
            }
            case ARRAY -> {
                assertThat(tree.isArray()).as(text).isTrue();
                for (Iterator<JsonNode> elements = tree.iterator(); elements.hasNext(); ) {
                    next = compare(text, outline, next, "", elements.next());
                }
            }
            case STRING, ESCAPED -> assertThat(outline.text(value)).as(text).isEqualTo(tree.stringValue());
            case NUMBER -> {
                assertThat(tree.isNumber()).as(text).isTrue();
                assertThat(outline.text(value)).as(text).isEqualTo(tree.asString());
            }
            case WORD -> assertThat(tree.isNull() || tree.isBoolean()).as(text).isTrue();
        }
        assertThat(outline.behind(value)).as(text).isEqualTo(next);
        return next;
    }

    private static List<Object> fields(ErrorFields fields) {
        return List.of(
                fields.codes(),
                fields.messages(),
                fields.facts(),
                fields.status(),
                fields.innerHeaders(),
                String.valueOf(fields.fieldWait()));
    }

    /** JSON of the keys and values above, sometimes broken at one place. */
    private static String text(Random random) {
        StringBuilder out = new StringBuilder();
        append(out, random, 0);
        if (random.nextInt(3) == 0) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(3)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, "{}[]\"',:\\ 0\n".charAt(random.nextInt(12)));
                default -> out.setLength(at);
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, Random random, int depth) {
        int kind = depth == 0 ? random.nextInt(6) : depth > 9 ? 9 : random.nextInt(14);
        if (kind < 5) {
            out.append('{');
            for (int i = random.nextInt(4); i > 0; i--) {
                out.append('"')
                        .append(KEYS[random.nextInt(KEYS.length)])
                        .append(random.nextBoolean() ? "\":" : "\" : ");
                append(out, random, depth + 1);
                out.append(i > 1 ? random.nextBoolean() ? "," : ", " : "");
            }
            out.append('}');
        } else if (kind < 7) {
            out.append('[');
            for (int i = random.nextInt(3); i > 0; i--) {
                append(out, random, depth + 1);
                out.append(i > 1 ? "," : "\n");
            }
            out.append(']');
        } else if (kind < 12) {
            out.append('"').append(pick(STRINGS, 10, random)).append('"');
        } else {
            out.append(pick(OTHERS, 3, random));
        }
    }

    /** Mostly one of the first, which are harmless. */
    private static String pick(String[] from, int harmless, Random random) {
        return from[random.nextInt(random.nextInt(8) > 0 ? Math.min(harmless, from.length) : from.length)];
    }
}
