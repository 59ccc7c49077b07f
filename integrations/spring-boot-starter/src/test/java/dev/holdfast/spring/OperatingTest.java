// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.Holdfast;
import dev.holdfast.target.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Health and the endpoint, as beans. */
@Timeout(120)
class OperatingTest {
    private final App app = App.start("holdfast.failover.openAiChatModel=anthropicChatModel");
    private final Holdfast engine = app.bean(Holdfast.class);

    @AfterEach
    void stop() {
        app.close();
    }

    private Health health() {
        return app.bean(ChatModelHealth.class).health();
    }

    private Target target(String name) {
        return app.openAi().routes().targets().order().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void healthIsUpDegradedOrOutOfServiceButNeverDown() {
        assertThat(health().getStatus()).isEqualTo(Status.UP);

        engine.forceOpen(target("openAiChatModel"));
        assertThat(health().getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(health().getDetails().toString())
                .contains("openAiChatModel=circuit open", "anthropicChatModel=usable");

        engine.forceOpen(target("anthropicChatModel"));
        assertThat(health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        engine.reset(target("anthropicChatModel"));
        assertThat(health().getStatus()).isEqualTo(new Status("DEGRADED"));
    }

    @Test
    void keyThatIsRefusedDegrades() {
        app.openAi()
                .call(new Prompt(
                        "Hello", OpenAiChatOptions.builder().model("sim/401").build()));

        assertThat(health().getStatus()).isEqualTo(new Status("DEGRADED"));
        assertThat(health().getDetails().toString()).contains("openAiChatModel=blocked: auth");
    }

    @Test
    void endpointShowsWhatTheEngineKnowsAndNeitherKeysNorPrompts() {
        HoldfastEndpoint endpoint = new HoldfastEndpoint(engine, app.bean(ChatModelDecorator.class));
        assertThat(catchThrowable(() -> app.openAi()
                        .call(new Prompt(
                                "my secret question",
                                OpenAiChatOptions.builder().model("sim/503").build()))))
                .isNull();

        HoldfastEndpoint.State state = endpoint.state();

        assertThat(state.models().get("openAiChatModel")).containsExactly("openAiChatModel", "anthropicChatModel");
        assertThat(state.targets())
                .extracting(HoldfastEndpoint.TargetState::name)
                .containsExactly("anthropicChatModel", "openAiChatModel");
        assertThat(state.targets().get(1).failures()).containsEntry("server_error", 1L);
        assertThat(state.targets().get(0).succeeded()).isEqualTo(1);
        assertThat(state.targets().get(0).circuit()).isEqualTo("closed");
        assertThat(state.inFlight()).isZero();
        assertThat(state.toString()).doesNotContain("secret", "key");
    }
}
