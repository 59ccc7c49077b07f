// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CallObservation;
import dev.holdfast.llm.mock.MockAnswer;
import dev.holdfast.llm.structured.StructuredAnswer;
import dev.holdfast.llm.tool.Tool;
import dev.holdfast.llm.tool.ToolAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What belongs to the caller's thread is there in all that is done for the call, also where one call becomes several. */
class CarriedContextTest {
    private static final ThreadLocal<String> NAME = new ThreadLocal<>();
    private static final Duration LATER = Duration.ofSeconds(1);

    private final List<String> begun = new ArrayList<>();
    private final List<String> inTools = new ArrayList<>();

    record Place(String city) {}

    @AfterEach
    void forget() {
        NAME.remove();
    }

    private VirtualLlm carrying(MockAnswer... script) {
        VirtualLlm virtual = new VirtualLlm(script);
        virtual.holdfast.engine.addCarrier(() -> {
            String captured = NAME.get();
            return () -> {
                String before = NAME.get();
                NAME.set(captured);
                return () -> NAME.set(before);
            };
        });
        virtual.holdfast.engine.addObserver((started, options) -> begins(options.subject()));
        return virtual;
    }

    private CallObservation begins(Object subject) {
        begun.add(subject.getClass().getSimpleName() + " " + NAME.get());
        return null;
    }

    private Tool weather() {
        return Tool.of("weather", "Tells the weather", Place.class, place -> {
            inTools.add(NAME.get());
            return "rain";
        });
    }

    @Test
    void laterTurnsAndToolsHaveTheContextOfTheCaller() throws Exception {
        VirtualLlm virtual = carrying(
                MockAnswer.toolCall("weather", "{\"city\":\"Rome\"}").after(LATER), MockAnswer.text("It rains"));
        NAME.set("caller");

        CompletableFuture<ToolAnswer> answer = virtual.llm.withTools(weather()).complete("Rain?");
        NAME.set("somebody else");

        assertThat(virtual.value(answer).response().text()).isEqualTo("It rains");
        assertThat(begun).containsExactly("Chat caller", "Chat caller");
        assertThat(inTools).containsExactly("caller");
        assertThat(NAME.get()).isEqualTo("somebody else");
        virtual.assertAllReturned();
    }

    @Test
    void objectThatIsAskedForAgainIsAskedForInTheContextOfTheCaller() throws Exception {
        VirtualLlm virtual =
                carrying(MockAnswer.text("no object").after(LATER), MockAnswer.text("{\"city\":\"Rome\"}"));
        NAME.set("caller");

        CompletableFuture<StructuredAnswer<Place>> answer = virtual.llm.complete("Where?", Place.class);
        NAME.set("somebody else");

        assertThat(virtual.value(answer).value()).isEqualTo(new Place("Rome"));
        assertThat(begun).containsExactly("Chat caller", "Chat caller");
        virtual.assertAllReturned();
    }

    /** The subject is for those who observe, who may put it into words: none of them may be the prompt. */
    @Test
    void subjectOfACallDoesNotShowWhatIsAsked() {
        LlmOperation chat = new LlmOperation.Chat(LlmRequest.of("xylophone"), true);
        LlmOperation embeddings = new LlmOperation.Embeddings(EmbeddingRequest.of(List.of("xylophone")));

        assertThat(chat + " " + embeddings).doesNotContain("xylophone");
    }
}
