// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.simulator.Wire.Speech;
import dev.holdfast.simulator.internal.wire.Json;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Faults inside a 200 that ends as HTTP wants it. */
@Timeout(120)
class FaultsInsideAnswersTest {
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
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void errorFirstIsTheFirstEventOfAGoodStatus(Speech speech) throws Exception {
        HttpResponse<String> answer = wire.stream(speech, "sim/error-first");

        JsonNode first = Wire.events(answer.body()).get(0);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(speech.errorType(first)).isNotEmpty();
        assertThat(speech.streamedText(answer.body())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void metaThenErrorOpensTheStreamBeforeItFails(Speech speech) throws Exception {
        String answer = wire.stream(speech, "sim/meta-then-error").body();

        assertThat(speech.errorType(Wire.events(answer).get(0))).isEmpty();
        assertThat(Wire.events(answer))
                .anyMatch(event -> !speech.errorType(event).isEmpty());
        assertThat(speech.streamedText(answer)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void errorMidComesAfterContentAndWithTheStatusAskedFor(Speech speech) throws Exception {
        String answer = wire.stream(speech, "sim/error-mid,after=4,status=429").body();

        assertThat(speech.streamedText(answer).split(" ")).hasSize(4);
        assertThat(Wire.events(answer).stream().map(speech::errorType).filter(type -> !type.isEmpty()))
                .containsExactly(speech == Speech.OPENAI ? "requests" : "rate_limit_error");
        assertThat(speech.endsWell(answer)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void noTerminalEndsCleanlyAfterAllContentAndBeforeTheMarker(Speech speech) throws Exception {
        String answer = wire.stream(speech, "sim/no-terminal").body();

        assertThat(speech.streamedText(answer)).isEqualTo(Simulator.textOf("no-terminal"));
        assertThat(speech.endsWell(answer)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void emptyEndsWellWithoutContent(Speech speech) throws Exception {
        String streamed = wire.stream(speech, "sim/empty").body();
        JsonNode plain = Json.read(wire.plain(speech, "sim/empty").body());

        assertThat(speech.streamedText(streamed)).isEmpty();
        assertThat(speech.endsWell(streamed)).isTrue();
        assertThat(speech.text(plain)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Speech.class)
    void malformedIsBrokenJsonInsideCleanHttp(Speech speech) throws Exception {
        String plain = wire.plain(speech, "sim/malformed").body();
        String streamed = wire.stream(speech, "sim/malformed").body();

        assertThatThrownBy(() -> Json.read(plain)).isInstanceOf(tools.jackson.core.JacksonException.class);
        assertThatThrownBy(() -> Wire.events(streamed)).isInstanceOf(tools.jackson.core.JacksonException.class);
    }
}
