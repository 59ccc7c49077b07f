// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** The sample as its users meet it: over the socket. */
@Timeout(120)
class ChatApplicationTest {
    private static ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        context = ChatApplication.run("--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=off");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersThoughTheFirstProviderFails() throws Exception {
        HttpResponse<String> response = get("/chat?message=Hello&model=sim/503");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"servedBy\":\"anthropicChatModel\"", "\"attempts\":2");
    }

    @Test
    void answersWithoutAnyParameterButTheMessage() throws Exception {
        assertThat(get("/chat?message=Hello").body()).contains("\"text\":\"", "\"servedBy\":\"");
    }

    @Test
    void streams() throws Exception {
        assertThat(get("/stream?message=Hello&model=sim/tokens=3").body()).startsWith("data:");
    }

    @Test
    void requestThatNobodyCanServeIsExplained() throws Exception {
        HttpResponse<String> response = get("/chat?message=Hello&model=sim/400,as=nginx");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).contains("\"category\":\"invalid_request\"", "\"advice\":\"change the request");
    }

    @Test
    void healthShowsEachModelAndStaysUp() throws Exception {
        HttpResponse<String> response = get("/actuator/health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"holdfast\":{", "\"openAiChatModel\":");
    }

    @Test
    void endpointShowsTargets() throws Exception {
        get("/chat?message=Hello");

        assertThat(get("/actuator/holdfast").body())
                .contains("\"models\":{", "\"openAiChatModel\":[\"openAiChatModel\",\"anthropicChatModel\"]")
                .contains("\"circuit\":\"closed\"", "\"inFlight\":0", "\"waiting\":0");
    }

    @Test
    void metricsAreBound() throws Exception {
        get("/chat?message=Hello");

        assertThat(get("/actuator/metrics").body()).contains("\"holdfast.calls\"", "\"holdfast.attempts\"");
        assertThat(get("/actuator/metrics/holdfast.attempts").body()).contains("\"COUNT\"");
    }
}
