// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.wire.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client sees of each behaviour, over real sockets. */
@Timeout(120)
class FaultsOnTheWireTest {
    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = new Wire();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    @AfterEach
    void nothingStaysOpen() {
        Wire.eventually(() -> wire.simulator.stats().open() == 0);
        wire.simulator.reset();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void okAnswersWithTheTextOfItsModelString(Speech speech) throws Exception {
        HttpResponse<String> answer = wire.plain(speech, "sim/ok");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(speech.text(Json.read(answer.body()))).isEqualTo(Simulator.textOf("ok"));
        assertThat(Simulator.textOf("ok").split(" ")).hasSize(20);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void aStreamCarriesTheSameTextAsThePlainAnswerAndItsTerminalMarker(Speech speech) throws Exception {
        HttpResponse<String> answer = wire.stream(speech, "sim/tokens=7");

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(speech.streamedText(answer.body())).isEqualTo(Simulator.textOf("sim/tokens=7"));
        assertThat(speech.endsWell(answer.body())).isTrue();
    }

    static Stream<Arguments> statuses() {
        return Stream.of(Speech.values()).flatMap(speech -> IntStream.concat(
                        IntStream.of(400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 529, 599),
                        IntStream.rangeClosed(500, 505))
                .mapToObj(status -> Arguments.of(speech, status)));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusComesWithAnErrorObjectPlainAndStreamed(Speech speech, int status) throws Exception {
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<String> answer = wire.post(speech.path, speech.body("sim/" + status, stream));

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(speech.errorType(Json.read(answer.body()))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void failMakesTheFirstRequestsOfAKeyFailAndNoOthers(Speech speech) throws Exception {
        String body = speech.body("sim/fail=2,status=502", false);

        int[] first =
                IntStream.range(0, 4).map(i -> status(speech, body, "key-a")).toArray();
        int[] second =
                IntStream.range(0, 3).map(i -> status(speech, body, "key-b")).toArray();

        assertThat(first).containsExactly(502, 502, 200, 200);
        assertThat(second).containsExactly(502, 502, 200);
    }

    private static int status(Speech speech, String body, String key) {
        try {
            return wire.post(speech.path, body, "authorization", "Bearer " + key)
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void refuseClosesWithoutAByte(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/refuse", false)));

            assertThat(Wire.readAll(socket)).isEmpty();
        }
        assertThat(wire.simulator.stats().noStatus()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void resetIsAResetAndNotAnEndOfFile(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/reset", false)));

            assertThatThrownBy(() -> Wire.readAll(socket))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void resetAfterSomeContentBreaksTheStreamOff(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/reset,after=2,rate=50", true)));
            String firstWords = String.join(" ", words(Simulator.textOf("reset,after=2,rate=50"), 2));

            StringBuilder seen = new StringBuilder();
            assertThatThrownBy(() -> {
                        for (int b = 0; b >= 0; b = socket.getInputStream().read()) {
                            seen.append((char) b);
                        }
                    })
                    .isInstanceOf(SocketException.class);
            assertThat(speech.streamedText(seen.toString())).isEqualTo(firstWords);
        }
    }

    private static String[] words(String text, int count) {
        return java.util.Arrays.copyOf(text.split(" "), count);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void hangAcceptsAndSaysNothing(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            socket.setSoTimeout(300);
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/hang", false)));

            assertThatThrownBy(() -> Wire.readAll(socket)).isInstanceOf(SocketTimeoutException.class);
            assertThat(wire.simulator.stats().open()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void cutEndsTheConnectionAfterSoManyPiecesWithoutAnEndOfBody(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/cut,after=5", true)));
            String seen = Wire.readAll(socket);

            assertThat(speech.streamedText(seen).split(" ")).hasSize(5);
            assertThat(seen).doesNotEndWith("0\r\n\r\n");
            assertThat(speech.endsWell(seen)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void cutOfAPlainAnswerSendsLessThanItPromised(Speech speech) throws Exception {
        assertThatThrownBy(() -> wire.plain(speech, "sim/cut")).isInstanceOf(IOException.class);
        assertThat(wire.simulator.stats().byStatus()).containsEntry(200, 1L);
        assertThat(wire.simulator.stats().cancelled()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void stallFallsSilentAfterSomePiecesAndGoesOn(Speech speech) throws Exception {
        long before = System.nanoTime();
        String answer = wire.stream(speech, "sim/stall=300,after=2").body();

        assertThat(System.nanoTime() - before).isGreaterThan(290_000_000L);
        assertThat(speech.streamedText(answer)).isEqualTo(Simulator.textOf("stall=300,after=2"));
        assertThat(speech.endsWell(answer)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void bareStallNeverGoesOn(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            socket.setSoTimeout(20_000);
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/stall,after=1", true)));
            String firstWord = Simulator.textOf("stall,after=1").split(" ")[0];
            StringBuilder seen = new StringBuilder(Wire.readUntil(socket, firstWord));
            socket.setSoTimeout(300);

            assertThatThrownBy(() -> {
                        int b = socket.getInputStream().read();
                        while (b >= 0) {
                            seen.append((char) b);
                            b = socket.getInputStream().read();
                        }
                    })
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(speech.streamedText(seen.toString()).split(" ")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void ttftDelaysTheFirstContentButNotTheMetadata(Speech speech) throws Exception {
        // Both moments are this side's: where it stands still in between, only another try tells.
        long apart = 0;
        for (int tries = 0; tries < 10 && apart <= 200_000_000L; tries++) {
            apart = nanosFromMetadataToContent(speech);
        }

        assertThat(apart).isGreaterThan(200_000_000L);
    }

    private long nanosFromMetadataToContent(Speech speech) throws Exception {
        try (Socket socket = wire.socket()) {
            long before = System.nanoTime();
            Wire.write(socket, Wire.raw(speech.path, speech.body("sim/ttft=400,tokens=1", true)));
            Wire.readUntil(socket, "\n\n");
            long metadata = System.nanoTime() - before;
            Wire.readUntil(socket, "\"" + Simulator.textOf("ttft=400,tokens=1") + "\"");
            long content = System.nanoTime() - before;

            assertThat(content).isGreaterThan(350_000_000L);
            return content - metadata;
        }
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void slowHeadersDelayTheStatusLine(Speech speech) throws Exception {
        long before = System.nanoTime();

        assertThat(wire.plain(speech, "sim/slow-headers=250,500").statusCode()).isEqualTo(500);
        assertThat(System.nanoTime() - before).isGreaterThan(240_000_000L);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void rateSpreadsTheContentOverTime(Speech speech) throws Exception {
        long before = System.nanoTime();
        wire.stream(speech, "sim/tokens=11,rate=50");

        assertThat(System.nanoTime() - before).isBetween(190_000_000L, 20_000_000_000L);
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void anUnknownWordIsA400ThatNamesIt(Speech speech) throws Exception {
        HttpResponse<String> answer = wire.plain(speech, "sim/ok,flood=3");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.read(answer.body()).at("/error/message").asString()).contains("'flood'");
    }
}
