// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.config.GatewayConfig.Client;
import dev.holdfast.llm.Secret;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientKeysTest {
    private final ClientKeys keys = new ClientKeys(List.of(
            new Client("a", Secret.of("key-a"), Set.of("default"), 10, 20),
            new Client("b", Secret.of("key-b"), Set.of(), 0, 0),
            new Client("c", Secret.of("key-c"), Set.of(), 0, 0)));

    private Identity identify(String... namesAndValues) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return keys.identify(headers);
    }

    private String name(String... namesAndValues) {
        return ((Identity.Known) identify(namesAndValues)).name();
    }

    private String refusal(String... namesAndValues) {
        return ((Identity.Unknown) identify(namesAndValues)).message();
    }

    @Test
    void keyIsFoundInEitherHeader() {
        assertThat(name("Authorization", "Bearer key-a")).isEqualTo("a");
        assertThat(name("authorization", "bearer  key-b")).isEqualTo("b");
        assertThat(name("X-Api-Key", "key-c")).isEqualTo("c");
        assertThat(name("Authorization", "Bearer key-a", "x-api-key", "key-a")).isEqualTo("a");
        assertThat(name("Authorization", "Basic dXNlcg==", "x-api-key", "key-a"))
                .isEqualTo("a");
    }

    @Test
    void limitsAndModelsComeWithTheClient() {
        Identity.Known a = (Identity.Known) identify("x-api-key", "key-a");
        Identity.Known b = (Identity.Known) identify("x-api-key", "key-b");

        assertThat(a).isEqualTo(new Identity.Known("a", Set.of("default"), 10, 20));
        assertThat(a.mayAskFor("default")).isTrue();
        assertThat(a.mayAskFor("gpt")).isFalse();
        assertThat(b.mayAskFor("gpt")).isTrue();
    }

    @Test
    void differentKeysAreRefusedEvenIfBothAreKnown() {
        assertThat(refusal("Authorization", "Bearer key-a", "x-api-key", "key-b"))
                .contains("different keys");
        assertThat(refusal("Authorization", "Bearer key-a", "x-api-key", "")).contains("different keys");
        assertThat(refusal("Authorization", "Bearer key-a", "Authorization", "Bearer key-a"))
                .contains("once");
        assertThat(refusal("x-api-key", "key-a", "x-api-key", "key-b")).contains("once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "key", "key-", "key-aa", "KEY-A", "key-d", " ", "key-a,key-a", "key-\u00e4"})
    void otherKeysAreNobodys(String key) {
        assertThat(refusal("x-api-key", key)).doesNotContain("key-").isEqualTo("This key is not known here.");
        assertThat(refusal("Authorization", "Bearer " + key)).isEqualTo("This key is not known here.");
    }

    @Test
    void missingKeyIsToldWhereToPutIt() {
        assertThat(refusal()).contains("Authorization: Bearer").contains("x-api-key");
        assertThat(refusal("Authorization", "Basic dXNlcg==")).contains("Authorization: Bearer");
        assertThat(refusal("Authorization", "key-a")).contains("Authorization: Bearer");
    }

    @Test
    void withoutClientsEverybodyIsAnonymous() {
        ClientKeys none = new ClientKeys(List.of());

        Identity identity = none.identify(new DefaultHttpHeaders().set("x-api-key", "whatever"));

        assertThat(identity).isEqualTo(Identity.Known.ANONYMOUS);
        assertThat(Identity.Known.ANONYMOUS.name()).isEqualTo("anonymous");
    }

    @Test
    void wrongKeysAtSpeedAreRememberedNowhereAndLockNobodyOut() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(identify("x-api-key", "wrong-" + i)).isInstanceOf(Identity.Unknown.class);
        }
        assertThat(identify("x-api-key", "x".repeat(30_000))).isInstanceOf(Identity.Unknown.class);

        assertThat(name("x-api-key", "key-a")).isEqualTo("a");
        assertThat(ClientKeys.class.getDeclaredFields())
                .filteredOn(field -> !Modifier.isStatic(field.getModifiers()))
                .extracting(Field::getName)
                .containsExactly("entries");
    }

    @Test
    void keysAreKeptAsHashesOnly() throws IllegalAccessException {
        KeyHash hash = KeyHash.of(Secret.of("key-a"));

        for (Field field : KeyHash.class.getDeclaredFields()) {
            field.setAccessible(true);
            if (!Modifier.isStatic(field.getModifiers())) {
                assertThat(field.getType()).isEqualTo(byte[].class);
                assertThat((byte[]) field.get(hash)).hasSize(32);
            }
        }
        assertThat(identify("x-api-key", "key-a").toString()).doesNotContain("key-a");
    }

    /** By structure, since time tells nothing on a busy machine: the one comparison there is, and no way out of the loop. */
    @Test
    void comparisonTakesTheSameTimeForAllKeys() throws Exception {
        Path sources =
                Path.of(System.getenv("HOLDFAST_ROOT"), "gateway/src/main/java/dev/holdfast/gateway/internal/access");
        String hash = Files.readString(sources.resolve("KeyHash.java"));
        String clients = Files.readString(sources.resolve("ClientKeys.java"));
        String loop = clients.substring(clients.indexOf("for (Entry"), clients.indexOf("return found;"));

        assertThat(hash).contains("MessageDigest.isEqual(hash, other.hash)").doesNotContain("Arrays.equals");
        assertThat(loop).contains("isSame(key)").doesNotContain("return").doesNotContain("break");
        for (String file : List.of("KeyHash.java", "ClientKeys.java", "AdminGate.java")) {
            assertThat(Files.readString(sources.resolve(file))).doesNotContain("reveal().equals");
        }
    }
}
