// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failure.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ConnectionWordsTest {
    private final ProviderErrorClassifier classifier = ProviderErrorClassifier.create();

    private String message(Throwable thrown) {
        Failure failure = classifier.classify(ErrorInput.exception("openai", thrown));
        return failure.message();
    }

    private static Throwable because(Throwable thrown, Throwable cause) {
        thrown.initCause(cause);
        return thrown;
    }

    @Test
    void cutAnswersSayThatAndKeepTheLibrarysWordsBehind() {
        Throwable cut = because(
                new IOException("chunked transfer encoding, state: READING_LENGTH"),
                new EOFException("EOF reached while reading"));

        assertThat(message(cut))
                .isEqualTo(
                        "the connection was cut in the middle of the answer (chunked transfer encoding, state: READING_LENGTH)");
    }

    @Test
    void connectionsThatWereNeverMadeSayWhy() {
        assertThat(message(new ConnectException("Connection refused")))
                .startsWith("the connection was refused, or the server cannot be reached");
        assertThat(message(new ConnectException()))
                .isEqualTo("the connection was refused, or the server cannot be reached");
        assertThat(message(because(new ConnectException(), new UnresolvedAddressException())))
                .isEqualTo("the host name could not be resolved");
        assertThat(message(new UnknownHostException("api.invalid")))
                .isEqualTo("the host name could not be resolved (api.invalid)");
        assertThat(message(new SSLHandshakeException("PKIX path building failed")))
                .isEqualTo("no secure connection is possible with this server (PKIX path building failed)");
    }

    @Test
    void connectionsThatEndedBeforeAnAnswerSayWhen() {
        assertThat(message(new IOException("HTTP/1.1 header parser received no bytes")))
                .startsWith("the connection was closed before an answer came (");
        assertThat(message(new SocketException("Connection reset")))
                .isEqualTo("the connection was reset (Connection reset)");
        assertThat(message(new SocketTimeoutException("Read timed out")))
                .isEqualTo("no answer came in time (Read timed out)");
    }

    @Test
    void everyRuleAboutAConnectionHasItsWords() {
        assertThat(ConnectionRules.TABLE.rules())
                .filteredOn(rule -> rule.step() == Rule.Step.CONNECTION)
                .allSatisfy(rule -> assertThat(ConnectionWords.of(ConnectionRules.TABLE.nameOf(rule)))
                        .as(rule.name())
                        .isNotBlank());
    }

    @Test
    void credentialsAndLengthAreBoundedThereToo() {
        String message = message(new SocketException("Connection reset " + "word ".repeat(200) + "sk-abcdef123456"));

        assertThat(message)
                .hasSizeLessThanOrEqualTo(300)
                .startsWith("the connection was reset (")
                .doesNotContain("sk-");
    }
}
