// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PageSnippets;
import dev.holdfast.llm.Llm;
import dev.holdfast.llm.LlmRequest;
import dev.holdfast.simulator.Simulator;
import dev.holdfast.simulator.SimulatorOptions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;

/** The code of the page on transports, run against a real server. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class TransportsPageTest {
    private final StringBuilder printed = new StringBuilder();
    private Simulator simulator;
    private String address;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(SimulatorOptions.defaults());
        address = simulator.baseUri().toString();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void aTransportOfItsOwn() {
        try (NettyTransport transport = NettyTransport.create()) {
            Llm llm = Llm.builder()
                    .targets("sim/ok")
                    .baseUrl("sim", address)
                    .transport(transport)
                    .build();
            print(llm.complete("Hello").join().text());
        }

        assertThat(printed.toString()).isEqualTo(Simulator.textOf("sim/ok"));
    }

    @Test
    void loopsThatOthersUseToo() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        NettyTransport transport = NettyTransport.on(loops);
        try (transport) {
            Llm llm = Llm.builder()
                    .targets("sim/ok")
                    .baseUrl("sim", address)
                    .transport(transport)
                    .build();

            assertThat(llm.completeStreamed(LlmRequest.of("Hello"))
                            .get(20, TimeUnit.SECONDS)
                            .text())
                    .isEqualTo(Simulator.textOf("sim/ok"));
        } finally {
            Fixtures.assertEmpty(transport);
            assertThat(loops.isShuttingDown()).isFalse();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "HOLDFAST_ROOT",
            matches = ".+",
            disabledReason = "the build sets HOLDFAST_ROOT to the checkout")
    void everySnippetOfThePageRunsHere() throws IOException {
        PageSnippets.assertRun(
                "docs/transports.md", 2, "netty/src/test/java/dev/holdfast/netty/TransportsPageTest.java");
    }

    private void print(String text) {
        printed.append(text);
    }
}
