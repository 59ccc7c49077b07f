// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failure.Category;
import dev.holdfast.llm.anthropic.AnthropicProvider;
import dev.holdfast.llm.openai.OpenAiCompatibleProvider;
import dev.holdfast.llm.openai.OpenAiQuirks;
import dev.holdfast.llm.transport.RawServer;
import dev.holdfast.simulator.Simulator;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Raw providers: one attempt, told as it was, over real sockets. */
@Timeout(120)
class RawProviderTest {
    private static final Secret KEY = Secret.of("sk-marker-0123456789");

    private Guarded guarded;

    @BeforeEach
    void start() throws Exception {
        guarded = new Guarded();
    }

    @AfterEach
    void nothingIsLeft() {
        guarded.close();
    }

    private LlmProvider openAi(String model) {
        return OpenAiCompatibleProvider.builder(model)
                .baseUrl(guarded.simulator.baseUri() + "/v1")
                .key(KEY)
                .transport(guarded.transport)
                .build();
    }

    private LlmProvider anthropic(String model) {
        return AnthropicProvider.builder(model)
                .baseUrl(guarded.simulator.baseUri().toString())
                .key(KEY)
                .transport(guarded.transport)
                .build();
    }

    @Test
    void aRawProviderMakesExactlyOneAttempt() throws Exception {
        for (LlmProvider provider : new LlmProvider[] {openAi("sim/fail=1"), anthropic("sim/fail=1")}) {
            guarded.simulator.reset();

            assertThatThrownBy(() -> provider.complete("Hello").join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(ProviderException.class, error -> {
                        assertThat(error.status()).isEqualTo(503);
                        assertThat(error.failure().category()).isEqualTo(Category.SERVER_ERROR);
                    });
            assertThat(guarded.requests()).isEqualTo(1);
            assertThat(provider.complete("Hello").join().text()).isEqualTo(Simulator.textOf("sim/fail=1"));
            assertThat(Reading.all(provider.stream("Hello")).response().text())
                    .isEqualTo(Simulator.textOf("sim/fail=1"));
        }
    }

    @Test
    void aGuardTakesRawProvidersAsItsTargets() throws Exception {
        Llm llm = Llm.builder()
                .provider(openAi("sim/500"))
                .provider(anthropic("sim/ok"))
                .holdfast(guarded.engine)
                .build();

        LlmResponse response = llm.complete("Hello").get(30, TimeUnit.SECONDS);

        assertThat(response.text()).isEqualTo(Simulator.textOf("sim/ok"));
        assertThat(response.report().attempts())
                .extracting(attempt -> attempt.target().name())
                .containsExactly("openai/sim/500", "anthropic/sim/ok");
    }

    @Test
    void whatTheDialectCannotSayIsReportedOnTheAnswerGuardedOrNotAndStreamedToo() throws Exception {
        LlmRequest request = LlmRequest.builder()
                .user("Hello")
                .maxTokens(50)
                .seed(7L)
                .metadata("team", "a")
                .build();
        LlmProvider raw = anthropic("sim/ok");
        Llm llm = Llm.builder().provider(raw).holdfast(guarded.engine).build();

        assertReported(raw.complete(request).get(30, TimeUnit.SECONDS));
        assertReported(llm.complete(request).get(30, TimeUnit.SECONDS));
        assertReported(Reading.all(raw.stream(request)).response());
        assertReported(Reading.all(llm.stream(request)).response());
        assertThat(llm.complete("Hello").get(30, TimeUnit.SECONDS).translation())
                .isEmpty();
    }

    private static void assertReported(LlmResponse response) {
        assertThat(response.translation())
                .containsExactlyInAnyOrder(
                        TranslationNote.dropped("seed", "not known here"),
                        TranslationNote.dropped("metadata.team", "not known here"));
    }

    @Test
    void headersQuirksAndNameAreWhatTheBuilderSaid() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        String body = "{\"choices\":[{\"message\":{\"content\":\"Hi.\"},\"finish_reason\":\"stop\"}]}";
        try (RawServer server = RawServer.start(connection -> {
            request.complete(connection.readRequest());
            connection.write(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        })) {
            LlmProvider provider = OpenAiCompatibleProvider.builder("my-model")
                    .preset("vllm")
                    .quirks(OpenAiQuirks.OPENAI.withMaxTokensField("most_tokens"))
                    .name("gpu-1")
                    .baseUrl(server.uri("/v1").toString())
                    .key(KEY)
                    .header("X-Team", "blue")
                    .header("Authorization", "not this one")
                    .transport(guarded.transport)
                    .build();

            LlmRequest asked = LlmRequest.of("Hello").withMaxTokens(7);
            assertThat(provider.complete(asked).get(30, TimeUnit.SECONDS).text())
                    .isEqualTo("Hi.");
            assertThat(provider.target().name()).isEqualTo("gpu-1");
        }

        String sent = request.join();
        assertThat(sent).startsWith("POST /v1/chat/completions").contains("\"most_tokens\":7");
        assertThat(sent.toLowerCase(Locale.ROOT))
                .contains("x-team: blue")
                .contains("authorization: bearer " + KEY.reveal())
                .doesNotContain("not this one");
    }

    @Test
    void whatCannotBeSetUpIsSaidAtOnce() {
        assertThatThrownBy(() -> OpenAiCompatibleProvider.builder("m")
                        .environment(name -> null)
                        .build())
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("OPENAI_API_KEY");
        assertThatThrownBy(() ->
                        AnthropicProvider.builder("m").environment(name -> null).build())
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageContaining("ANTHROPIC_API_KEY");
        assertThatThrownBy(() -> OpenAiCompatibleProvider.builder("m").preset("anthropic"))
                .isInstanceOf(ProviderConfigurationException.class);
        assertThatThrownBy(() -> OpenAiCompatibleProvider.builder("m").header("content-length", "1"))
                .isInstanceOf(ProviderConfigurationException.class);
        assertThatThrownBy(() -> OpenAiCompatibleProvider.builder("m").header("x", "a\r\nb"))
                .isInstanceOf(ProviderConfigurationException.class)
                .hasMessageNotContaining("\n");
    }
}
