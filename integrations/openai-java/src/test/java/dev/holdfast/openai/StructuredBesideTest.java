// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.ClientOptions;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import dev.holdfast.RealHoldfast;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.llm.Secret;
import dev.holdfast.llm.openai.OpenAiCompatibleProvider;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The SDK's structured outputs and ours, whose schemas are made by different means, in one program. */
class StructuredBesideTest {
    record Item(String name, int count) {}

    record Order(String id, List<Item> items) {}

    /** The SDK's schemas want fields. */
    public static class Invoice {
        public String number = "";
        public List<Double> amounts = List.of();
    }

    @Test
    void bothLibrariesMakeSchemasAndReadAnswersInOneProgram() throws Exception {
        try (Simulator simulator = Simulator.start(SimulatorOptions.defaults());
                RealHoldfast holdfast = new RealHoldfast()) {
            OpenAIClient client = GuardedOpenAI.client(
                    ClientOptions.builder().baseUrl(simulator.baseUri() + "/v1").apiKey("test-key"), holdfast.engine);
            StructuredChatCompletionCreateParams<Invoice> question = ChatCompletionCreateParams.builder()
                    .model("sim/json")
                    .addUserMessage("the invoice")
                    .responseFormat(Invoice.class)
                    .build();
            Llm llm = Llm.builder()
                    .holdfast(holdfast.engine)
                    .provider(OpenAiCompatibleProvider.builder("sim/json")
                            .baseUrl(simulator.baseUri() + "/v1")
                            .key(Secret.of("test-key"))
                            .build())
                    .build();

            Invoice theirs = client.chat()
                    .completions()
                    .create(question)
                    .choices()
                    .get(0)
                    .message()
                    .content()
                    .orElseThrow();
            Order ours = llm.blocking()
                    .complete(LlmRequest.of("the order"), Order.class)
                    .value();

            assertThat(theirs.number).isNotNull();
            assertThat(ours.items()).isNotNull();
            assertThat(simulator.stats().byStatus()).containsOnlyKeys(200);
            holdfast.awaitAllReturned();
        }
    }
}
