// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.internal.http.Refusal;
import dev.holdfast.gateway.internal.http.Request;
import dev.holdfast.llm.Secret;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminGateTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final AdminGate onLoopback = new AdminGate(Secret.of("admin"), false, Set.of("Proxy.example"), LOOPBACK);
    private final AdminGate beyond = new AdminGate(Secret.of("admin"), false, Set.of(), everywhere());

    private static InetAddress everywhere() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Request request(String method, String... namesAndValues) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Request(method, "/admin/drain", "", headers, new byte[0], LOOPBACK);
    }

    private static int status(@Nullable Refusal refusal) {
        return refusal == null ? 200 : refusal.status();
    }

    @Test
    void adminNeedsTheKey() {
        assertThat(status(onLoopback.admin(post("Bearer admin")))).isEqualTo(200);
        assertThat(status(onLoopback.admin(post("bearer admin")))).isEqualTo(200);
        assertThat(status(onLoopback.admin(post("Bearer wrong")))).isEqualTo(401);
        assertThat(status(onLoopback.admin(post("Bearer ")))).isEqualTo(401);
        assertThat(status(onLoopback.admin(post("admin")))).isEqualTo(401);
        assertThat(status(onLoopback.admin(request("POST", "content-type", "application/json"))))
                .isEqualTo(401);
        assertThat(status(onLoopback.admin(request("POST", "x-api-key", "admin"))))
                .isEqualTo(401);
        assertThat(status(onLoopback.admin(
                        request("POST", "authorization", "Bearer admin", "authorization", "Bearer admin"))))
                .isEqualTo(401);
        assertThat(status(onLoopback.admin(request("GET", "authorization", "Bearer admin"))))
                .isEqualTo(200);
    }

    private static Request post(String authorization) {
        return request("POST", "authorization", authorization, "content-type", "application/json");
    }

    @Test
    void withoutAConfiguredKeyNobodyIsAnAdmin() {
        AdminGate none = new AdminGate(null, false, Set.of(), LOOPBACK);
        AdminGate noneBeyond = new AdminGate(null, false, Set.of(), everywhere());

        assertThat(status(none.admin(post("Bearer admin")))).isEqualTo(403);
        assertThat(status(none.admin(post("Bearer ")))).isEqualTo(403);
        assertThat(status(none.observability(request("GET")))).isEqualTo(200);
        assertThat(status(noneBeyond.observability(request("GET")))).isEqualTo(403);
    }

    @Test
    void stateIsOpenOnLoopbackAndNeedsTheKeyBeyondUnlessPublic() {
        AdminGate open = new AdminGate(Secret.of("admin"), true, Set.of(), everywhere());

        assertThat(status(onLoopback.observability(request("GET")))).isEqualTo(200);
        assertThat(status(beyond.observability(request("GET")))).isEqualTo(401);
        assertThat(status(beyond.observability(request("GET", "authorization", "Bearer wrong"))))
                .isEqualTo(401);
        assertThat(status(beyond.observability(request("GET", "authorization", "Bearer admin"))))
                .isEqualTo(200);
        assertThat(status(open.observability(request("GET")))).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "Application/JSON; charset=utf-8, 200",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "application/json-patch, 415",
        "'text/plain, application/json', 415",
        "'', 415",
    })
    void postNeedsJson(String type, int status) {
        assertThat(status(onLoopback.admin(request("POST", "authorization", "Bearer admin", "content-type", type))))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:4000, 200",
        "https://LOCALHOST:4000, 200",
        "http://localhost:4001, 403",
        "http://localhost, 403",
        "http://evil.example, 403",
        "http://localhost:4000.evil.example, 403",
        "null, 403",
        "'', 403",
        "file://, 403",
    })
    void postOfAnotherSitesPageIsRefused(String origin, int status) {
        assertThat(status(onLoopback.admin(request(
                        "POST",
                        "authorization",
                        "Bearer admin",
                        "content-type",
                        "application/json",
                        "host",
                        "localhost:4000",
                        "origin",
                        origin))))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:4000",
                "localhost.",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.255.255.254:65535",
                "[::1]",
                "[::1]:4000",
                "proxy.example",
                "PROXY.example:443",
            })
    void namesOfLoopbackAndListedOnesAreOurs(String host) {
        assertThat(onLoopback.host(request("GET", "host", host))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:4000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io",
                "127.0.0.256",
                "127.1",
                "128.0.0.1",
                "0.0.0.0",
                "0127.0.0.1",
                "[::2]",
                "::1",
                "localhost:80:90",
                "evil@localhost",
                "localhost/evil",
                "localhost:4000\tx",
                "sub.proxy.example",
                "",
            })
    void otherNamesAreRefusedOnLoopbackOnly(String host) {
        assertThat(status(onLoopback.host(request("GET", "host", host)))).isEqualTo(421);
        assertThat(beyond.host(request("GET", "host", host))).isNull();
    }

    @Test
    void whoSendsNoHostIsNoBrowser() {
        assertThat(onLoopback.host(request("GET"))).isNull();
    }

    @Test
    void refusalsSayWhatToDoAndRepeatNothing() {
        Refusal refusal = Objects.requireNonNull(onLoopback.admin(post("Bearer guessed-key")));

        assertThat(new String(refusal.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"error\":{\"message\":\"Send the admin key as Authorization: Bearer.\","
                                + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_admin_key\"},\"type\":\"error\"}");
    }
}
