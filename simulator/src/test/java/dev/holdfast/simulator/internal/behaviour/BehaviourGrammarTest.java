// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourGrammarTest {
    @Test
    void wordsComposeInAnyOrder() {
        Behaviour one = Behaviour.parse("sim/ttft=300,cut,after=5");
        Behaviour other = Behaviour.parse("after=5,cut,ttft=300");

        assertThat(one).isEqualTo(other);
        assertThat(one.ending()).isEqualTo(Ending.CUT);
        assertThat(one.after()).isEqualTo(5);
        assertThat(one.ttftNanos()).isEqualTo(Duration.ofMillis(300).toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok", "sim/ok", "sim-anthropic/ok"})
    void theProviderBeforeTheSlashIsOptional(String model) {
        assertThat(Behaviour.parse(model)).isEqualTo(Behaviour.parse("ok"));
    }

    @Test
    void defaultsAreThoseOfTheContract() {
        Behaviour ok = Behaviour.parse("ok");

        assertThat(ok.tokens()).isEqualTo(20);
        assertThat(ok.after()).isEqualTo(3);
        assertThat(ok.hint()).isEqualTo(RetryHint.NONE);
        assertThat(Behaviour.parse("fail=2").failStatus()).isEqualTo(503);
        assertThat(Behaviour.parse("stall").stallNanos()).isEqualTo(Behaviour.FOREVER);
        assertThat(Behaviour.parse("stall=8000").stallNanos())
                .isEqualTo(Duration.ofSeconds(8).toNanos());
    }

    @Test
    void everyWordIsRead() {
        Behaviour all = Behaviour.parse("fail=3,status=429,ttft=1,stall=2,cut,after=0,slow-headers=4,tokens=5,rate=6.5,"
                + "json,retry-after-ms=250,as=groq");

        assertThat(all)
                .isEqualTo(new Behaviour(
                        Ending.CUT,
                        Content.JSON,
                        0,
                        3,
                        429,
                        4_000_000,
                        1_000_000,
                        2_000_000,
                        0,
                        5,
                        6.5,
                        new RetryHint.Millis(250),
                        Provider.GROQ));
    }

    @Test
    void aMalformedStreamBreaksAtItsFirstEventUnlessItSaysOtherwise() {
        assertThat(Behaviour.parse("malformed").after()).isZero();
        assertThat(Behaviour.parse("malformed,after=2").after()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            sim/flood            | unknown word 'flood'
            ok,,cut              | unknown word ''
            OK                   | unknown word 'OK'
            399                  | unknown word '399'
            600                  | unknown word '600'
            sim/                 | names no behaviour
            ""                   | names no behaviour
            cut,cut              | 'cut' is given twice
            cut,hang             | 'cut' and 'hang' exclude each other
            429,500              | '429' and '500' exclude each other
            tool,json            | 'tool' and 'json' exclude each other
            ok=1                 | 'ok' takes no value
            429=1                | '429' takes no value
            fail                 | 'fail' needs a whole number
            ttft=               | 'ttft' needs a whole number
            ttft=-1              | 'ttft' needs a whole number
            ttft=1.5             | 'ttft' needs a whole number
            tokens=0             | 'tokens' needs a whole number
            tokens=99999999999999999999 | 'tokens' needs a whole number
            rate=0               | 'rate' needs a number
            rate=1e9             | 'rate' needs a number
            status=503           | 'status' belongs to fail
            fail=1,status=200    | 'status' needs a whole number
            as=nobody            | 'as' needs a provider, not 'nobody'
            as                   | 'as' needs a provider
            429,retry-after=1,retry-after-ms=2 | one of retry-after
            """)
    void whatIsNoBehaviourIsRefusedWithTheWordAtFault(String model, String message) {
        assertThatThrownBy(() -> Behaviour.parse(model))
                .isInstanceOf(BehaviourException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anUnknownWordComesWithTheKnownOnes() {
        assertThatThrownBy(() -> Behaviour.parse("flood")).hasMessageContaining("retry-after-date=S");
    }
}
