// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawRequestTest {

    @Test
    void nothingButTheNameChanges() {
        String body = "\r\n"
                + "{ \"messages\" :\t[{\"model\":\"inner\",\"role\":\"user\"}, 1.50, 1e400"
                + " ],\"x\":{\"model\":\"inner\"},\n"
                + " \"model\"  :  \"old\" , \"stream\": true,\"z\":\"\\u00fc \\\"model\\\":\\\"no\\\" ü\" }\n\n";

        RawRequest raw = read(body);

        assertThat(raw.model()).isEqualTo("old");
        assertThat(raw.stream()).isTrue();
        assertThat(replaced(raw, "new")).isEqualTo(body.replace("\"model\"  :  \"old\"", "\"model\"  :  \"new\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a\",\"stream\":true,\"model\":\"b\"}",
                "{\"model\":\"a\",\"\\u006dodel\":\"b\"}",
                "{\"stream\":true,\"model\":\"a\",\"stream\":false}"
            })
    void aMemberThatStandsTwiceIsRefusedByName(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.path()).isIn("model", "stream"));
    }

    @Test
    void bytesThatAreNoCharactersAreRefusedWithTheirPlace() {
        byte[] body = "{\"model\":\"a\",\"x\":\"0123456789 ??\"}".getBytes(StandardCharsets.UTF_8);
        byte[][] wrong = {
            {(byte) 0xC0, (byte) 0xAF},
            {(byte) 0xED, (byte) 0xA0},
            {(byte) 0x80, 'x'},
            {(byte) 0xC3, 'x'},
            {'x', (byte) 0xFF},
            {(byte) 0xF5, (byte) 0x80}
        };
        for (byte[] pair : wrong) {
            byte[] broken = body.clone();
            System.arraycopy(pair, 0, broken, broken.length - 4, 2);
            int place = broken.length - 4 + (pair[0] == 'x' ? 1 : 0);

            assertThatThrownBy(() -> RawRequest.read(broken))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("UTF-8 at byte " + place);
        }
    }

    @Test
    void everyCharacterIsOne() {
        StringBuilder all = new StringBuilder();
        for (int c = 0x20; c <= Character.MAX_CODE_POINT; c++) {
            if (c != '"' && c != '\\' && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
                all.appendCodePoint(c);
            }
        }

        assertThat(read("{\"model\":\"a\",\"x\":\"" + all + "\"}").model()).isEqualTo("a");
    }

    @Test
    void escapesInNamesAndValuesAreReadAndWritten() {
        RawRequest raw = read("{\"\\u006dodel\":\"g\\u0070t\\/\\\"x\\\\\",\"a\":1}");

        assertThat(raw.model()).isEqualTo("gpt/\"x\\");
        assertThat(replaced(raw, "a\"\\\nü\uD83D\uDE00"))
                .isEqualTo("{\"\\u006dodel\":\"a\\\"\\\\\\nü\uD83D\uDE00\",\"a\":1}");
    }

    @Test
    void aByteOrderMarkStays() {
        assertThat(replaced(read("\uFEFF{\"model\":\"a\"}"), "b")).isEqualTo("\uFEFF{\"model\":\"b\"}");
    }

    @Test
    void theCallersBytesAreNotChanged() {
        byte[] body = "{\"model\":\"a\"}".getBytes(StandardCharsets.UTF_8);

        RawRequest.read(body).withModel("b");

        assertThat(body).isEqualTo("{\"model\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"model\"",
                "{",
                "{\"model\"",
                "{\"model\":",
                "{\"model\":\"a\"",
                "{\"model\":\"a\"}}",
                "{\"model\":\"a\"} x",
                "{\"model\":\"a\",}",
                "{\"model\":\"a\" \"x\":1}",
                "{\"model\":\"a\\q\"}",
                "{\"model\":\"a\\",
                "{\"x\":[}],\"model\":\"a\"}",
                "{\"x\":[{\"y\":1]},\"model\":\"a\"}",
                "{\"x\":,\"model\":\"a\"}",
                "{x:1,\"model\":\"a\"}"
            })
    void whatIsNoObjectIsTheClientsFault(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.path()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"model\":null}", "{\"model\":1}", "{\"model\":[\"a\"]}", "{\"x\":{\"model\":\"a\"}}"})
    void aModelThatIsMissingOrNoStringIsNamed(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.path()).isEqualTo("model"));
    }

    @Test
    void depthIsBoundedWithoutRecursion() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThatThrownBy(() -> read("{\"x\":" + deep + ",\"model\":\"a\"}"))
                .isInstanceOf(InvalidRequestException.class);
        String fine = "[".repeat(900) + "]".repeat(900);
        assertThat(read("{\"x\":" + fine + ",\"model\":\"a\"}").model()).isEqualTo("a");
    }

    @Test
    void anyCutOrChangedBodyIsReadOrRefused() {
        byte[] body = OpenAiWire.REQUESTS.get(2).getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] changed = body.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            byte[] cut =
                    random.nextBoolean() ? changed : java.util.Arrays.copyOf(changed, random.nextInt(changed.length));
            try {
                RawRequest.read(cut).withModel("m");
            } catch (InvalidRequestException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 2990);
    }

    @Test
    void allOfTheWireSamplesAreOnlyRenamed() {
        for (String wire : List.copyOf(OpenAiWire.REQUESTS)) {
            assertThat(replaced(read(wire), "other")).isEqualTo(wire.replace("gpt-x", "other"));
        }
    }

    private static RawRequest read(String body) {
        return RawRequest.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String replaced(RawRequest raw, String model) {
        return new String(raw.withModel(model), StandardCharsets.UTF_8);
    }
}
