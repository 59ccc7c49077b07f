// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model does that is handed the beginning of its answer; over real sockets. */
@Timeout(120)
class PrefillTest {
    private static final Pattern PIECE = Pattern.compile("\"(?:content|text)\":\"([^\"]*)\"");

    @ParameterizedTest
    @ValueSource(strings = {"chat/completions", "messages"})
    void itSaysTheRestAndAFaultThatWasPassedDoesNotStrikeAgain(String path) throws Exception {
        String whole = Simulator.textOf("sim/cut,after=4");
        String beginning = String.join(" ", whole.split(" ")).substring(0, ordinal(whole, 4));

        String rest = ask(path, "sim/cut,after=4", beginning);

        assertThat(beginning + rest).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/completions", "messages"})
    void somethingElseIsNoBeginning(String path) throws Exception {
        assertThat(ask(path, "sim/ok", "something else")).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void anAnswerThatIsCompleteHasAnEmptyRest() throws Exception {
        assertThat(ask("chat/completions", "sim/ok", Simulator.textOf("sim/ok")))
                .isEmpty();
    }

    private static int ordinal(String text, int words) {
        int at = -1;
        for (int i = 0; i < words; i++) {
            at = text.indexOf(' ', at + 1);
        }
        return at;
    }

    private static String ask(String path, String model, String beginning) throws Exception {
        String body = "{\"model\":\"" + model + "\",\"stream\":true,\"max_tokens\":99,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"Hello\"},{\"role\":\"assistant\",\"content\":\"" + beginning + "\"}]}";
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults())) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.baseUri() + "/v1/" + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            String answer = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            return PIECE.matcher(answer).results().map(piece -> piece.group(1)).collect(Collectors.joining());
        }
    }
}
