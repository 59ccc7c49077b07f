// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseParserTest {
    private static final int LIMIT = 1 << 20;

    @Test
    void linesEndWithCrLfOrBoth() {
        assertThat(parse("data: a\n\ndata: b\r\rdata: c\r\n\r\n"))
                .containsExactly(event("message", "a", ""), event("message", "b", ""), event("message", "c", ""));
    }

    @Test
    void crLfIsOneLineEndEvenBetweenTwoPieces() {
        byte[] bytes = "event: x\r\ndata: a\r\ndata: b\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at <= bytes.length; at++) {
            SseParser parser = new SseParser();
            List<ServerSentEvent> events = new ArrayList<>();
            parser.feed(ByteBuffer.wrap(bytes, 0, at), events::add);
            parser.feed(ByteBuffer.wrap(bytes, at, bytes.length - at), events::add);

            assertThat(events).as("split at %d", at).containsExactly(event("x", "a\nb", ""));
        }
    }

    @Test
    void dataLinesAreJoinedByLineFeeds() {
        assertThat(parse("data: a\ndata\ndata:  b\n\n")).containsExactly(event("message", "a\n\n b", ""));
    }

    @Test
    void anEventWithAnEmptyDataLineIsAnEvent() {
        assertThat(parse("data\n\ndata\ndata\n\ndata:\n\n"))
                .containsExactly(event("message", "", ""), event("message", "\n", ""), event("message", "", ""));
    }

    @Test
    void anEventWithoutDataIsNone() {
        assertThat(parse("event: ping\n\ndata: a\n\n")).containsExactly(event("message", "a", ""));
    }

    @Test
    void commentsAndUnknownFieldsAreIgnored() {
        assertThat(parse(": keep-alive\n\n:\n\nfoo: bar\nfoo\ndata: a\n\n")).containsExactly(event("message", "a", ""));
    }

    @Test
    void onlyOneSpaceAfterTheColonIsDropped() {
        assertThat(parse("data:a\n\ndata: a\n\ndata:  a\n\n"))
                .extracting(ServerSentEvent::data)
                .containsExactly("a", "a", " a");
    }

    @Test
    void theEventTypeLastsForOneEvent() {
        assertThat(parse("event: x\ndata: a\n\ndata: b\n\n"))
                .containsExactly(event("x", "a", ""), event("message", "b", ""));
    }

    @Test
    void theIdLastsUntilChangedAndOneWithNulIsIgnored() {
        assertThat(parse("id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n"))
                .extracting(ServerSentEvent::lastEventId)
                .containsExactly("1", "1", "1", "");
    }

    @Test
    void retryTakesDigitsOnly() {
        SseParser parser = new SseParser();

        feed(
                parser,
                "retry: 250\n\nretry: 1s\nretry:\nretry: -3\n\n".getBytes(StandardCharsets.UTF_8),
                new ArrayList<>());

        assertThat(parser.retryMillis()).isEqualTo(250);
    }

    @Test
    void oneLeadingByteOrderMarkIsSkipped() {
        assertThat(parse("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly(event("message", "a", ""));
    }

    @Test
    void malformedUtf8BecomesTheReplacementCharacter() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("data: a".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xC3);
        bytes.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));

        assertThat(parse(bytes.toByteArray())).containsExactly(event("message", "a\uFFFD", ""));
    }

    @Test
    void theEndHandsOverAnEventWithoutItsBlankLine() {
        assertThat(parse("data: a\n")).containsExactly(event("message", "a", ""));
        assertThat(parse("data: a")).containsExactly(event("message", "a", ""));
        assertThat(parse("data: a\n\n")).hasSize(1);
        assertThat(parse("")).isEmpty();
    }

    @Test
    void anEndlessLineIsATypedErrorAfterTheLimit() {
        SseParser parser = new SseParser(1000, 1000);
        byte[] garbage = "x".repeat(100).getBytes(StandardCharsets.UTF_8);
        List<ServerSentEvent> events = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            feed(parser, garbage, events);
        }

        assertThatThrownBy(() -> feed(parser, garbage, events))
                .isInstanceOfSatisfying(
                        SseLimitException.class, e -> assertThat(e.limitBytes()).isEqualTo(1000));
    }

    @Test
    void anEndlessEventIsATypedErrorAfterTheLimit() {
        SseParser parser = new SseParser(1000, 50);
        byte[] line = "data: 0123456789\n".getBytes(StandardCharsets.UTF_8);
        List<ServerSentEvent> events = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            feed(parser, line, events);
        }

        assertThatThrownBy(() -> feed(parser, line, events)).isInstanceOf(SseLimitException.class);
        assertThat(events).isEmpty();
    }

    @Test
    void anEventOfExactlyTheLimitPasses() {
        SseParser parser = new SseParser(56, 50);
        List<ServerSentEvent> events = new ArrayList<>();

        feed(parser, ("data: " + "a".repeat(50) + "\n\n").getBytes(StandardCharsets.UTF_8), events);

        assertThat(events).singleElement().satisfies(e -> assertThat(e.data()).hasSize(50));
    }

    @Test
    void anySplitOfTheBytesGivesTheSameEvents() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = randomStream(random);
            List<ServerSentEvent> whole = parse(bytes);

            SseParser parser = new SseParser(LIMIT, LIMIT);
            List<ServerSentEvent> split = new ArrayList<>();
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(bytes.length - at, random.nextInt(4) == 0 ? random.nextInt(40) : 1);
                parser.feed(ByteBuffer.wrap(bytes, at, length), split::add);
                at += length;
            }
            parser.end(split::add);

            assertThat(split).as("seed %d round %d", seed, round).isEqualTo(whole);
        }
    }

    @Test
    void noBytesMakeItThrow() {
        for (long seed = 1; seed <= 3_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                // mostly bytes that mean something to the parser
                bytes[i] = random.nextInt(3) == 0 ? bytes[i] : (byte) "\r\n:data eventid\0".charAt(random.nextInt(16));
            }

            List<ServerSentEvent> events = parse(bytes);

            assertThat(events)
                    .as("seed %d", seed)
                    .allSatisfy(e -> assertThat(e.data().length()).isLessThanOrEqualTo(bytes.length));
        }
    }

    private static byte[] randomStream(Random random) {
        String[] words = {
            "data: ",
            "data",
            "event: x",
            "id: 7",
            "retry: 10",
            ": note",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\r\n\r\n",
            "a",
            "é",
            "漢",
            "😀",
            ":",
            " ",
            "\uFEFF",
            "{\"k\":\"v\"}"
        };
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(words[random.nextInt(words.length)]);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ServerSentEvent event(String type, String data, String id) {
        return new ServerSentEvent(type, data, id);
    }

    private static List<ServerSentEvent> parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<ServerSentEvent> parse(byte[] bytes) {
        SseParser parser = new SseParser(LIMIT, LIMIT);
        List<ServerSentEvent> events = new ArrayList<>();
        feed(parser, bytes, events);
        parser.end(events::add);
        return events;
    }

    private static void feed(SseParser parser, byte[] bytes, List<ServerSentEvent> events) {
        parser.feed(ByteBuffer.wrap(bytes), events::add);
    }
}
