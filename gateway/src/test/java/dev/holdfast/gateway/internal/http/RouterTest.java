// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Router router = Router.builder()
            .on("GET", "/", answers("root"))
            .on("POST", "/v1/messages", answers("messages"))
            .on("GET", "/v1/models", answers("models"))
            .on("POST", "/admin/drain", answers("drain all"))
            .on("POST", "/admin/targets/{name}/open", named("open"))
            .on("POST", "/admin/targets/{name}/drain", named("drain"))
            .build();

    private static Endpoint answers(String text) {
        return (request, response) -> response.send(200, RunningServer.none(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Router.NamedEndpoint named(String text) {
        return (name, request, response) ->
                response.send(200, RunningServer.none(), (text + " " + name).getBytes(StandardCharsets.UTF_8));
    }

    private Answer ask(String method, String path) {
        Answer answer = new Answer();
        router.handle(
                new Request(method, path, "", new DefaultHttpHeaders(), new byte[0], InetAddress.getLoopbackAddress()),
                answer);
        return answer;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, root",
        "HEAD, /, root",
        "POST, /v1/messages, messages",
        "HEAD, /v1/models, models",
        "POST, /admin/targets/gpt/open, open gpt",
        "POST, /admin/targets/gpt/drain, drain gpt",
        "POST, /admin/targets/openai%2Fgpt-4o/open, open openai/gpt-4o",
        "POST, /admin/targets/b%C3%BCro%20%31/open, open büro 1",
        "POST, /admin/targets/a;b/open, open a;b",
        "POST, /admin/targets/.../open, open ...",
    })
    void pathAndMethodLeadToTheirEndpoint(String method, String path, String text) {
        assertThat(ask(method, path).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/.",
                "/v1/messages/",
                "//v1/messages",
                "/v1//messages",
                "/v1/./messages",
                "/v1/x/../messages",
                "/v1/%6dessages",
                "/v1%2fmessages",
                "/%2e/v1/messages",
                "/v1/messages;a=b",
                "/v1;x/messages",
                "/V1/messages",
                "/v1/messages%00",
                "/v1/messages%20",
                "/admin/targets//open",
                "/admin/targets/./open",
                "/admin/targets/../open",
                "/admin/targets/%2e%2e/open",
                "/admin/targets/%2E/open",
                "/admin/targets/a/b/open",
                "/admin/targets/a/open/",
                "/admin/targets/a%2fopen",
                "/admin/targets/%ff/open",
                "/admin/targets/%c0%af/open",
                "/admin/targets/%ed%a0%80/open",
                "/admin/targets/a%0ab/open",
                "/admin/targets/a%00/open",
                "/admin/targets/%/open",
                "/admin/targets/open",
                "/admin/targets/../drain",
            })
    void trickedPathIsNotFound(String path) {
        assertThat(ask("POST", path).status).isEqualTo(404);
    }

    @Test
    void otherMethodIsToldWhichOnesWork() {
        assertThat(ask("DELETE", "/v1/models").allow()).isEqualTo("GET, HEAD");
        assertThat(ask("GET", "/v1/messages").allow()).isEqualTo("POST");
        assertThat(ask("GET", "/admin/targets/gpt/open").allow()).isEqualTo("POST");
        assertThat(ask("get", "/v1/models").status).isEqualTo(405);
    }

    @Test
    void whatIsEncodedInAnyWayNeverReachesAnotherEndpoint() {
        SplittableRandom random = new SplittableRandom(7);
        String[] parts = {
            "/", ".", "..", "%2e", "%2f", ";", "admin", "drain", "targets", "x", "open", "//", "%252f", "\\"
        };
        for (int run = 0; run < 20_000; run++) {
            StringBuilder path = new StringBuilder("/");
            for (int i = random.nextInt(1, 7); i > 0; i--) {
                path.append(parts[random.nextInt(parts.length)]);
            }

            Answer answer = ask("POST", path.toString());

            if (answer.status == 200 && answer.text().equals("drain all")) {
                assertThat(path).hasToString("/admin/drain");
            } else if (answer.status == 200) {
                assertThat(path.toString()).matches("/admin/targets/[^/]+/(open|drain)");
            }
        }
    }

    @Test
    void routeIsGivenOnce() {
        Router.Builder builder = Router.builder().on("GET", "/a", answers("a"));

        assertThatThrownBy(() -> builder.on("GET", "/a", answers("b"))).hasMessage("GET /a is routed twice");
        assertThatThrownBy(() -> builder.on("GET", "/a", named("b")))
                .hasMessage("a pattern needs one segment in braces: /a");
    }

    private static final class Answer implements Response {
        private int status;
        private HttpHeaders headers = new DefaultHttpHeaders();
        private byte[] body = {};

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String allow() {
            assertThat(status).isEqualTo(405);
            return headers.get("allow");
        }

        @Override
        public void send(int status, HttpHeaders headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        @Override
        public void begin(int status, HttpHeaders headers) {
            throw new AssertionError();
        }

        @Override
        public void write(ByteBuffer piece) {
            throw new AssertionError();
        }

        @Override
        public void end() {
            throw new AssertionError();
        }

        @Override
        public void abort() {
            throw new AssertionError();
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void onWritable(Runnable action) {}

        @Override
        public void onGone(Runnable action) {}
    }
}
