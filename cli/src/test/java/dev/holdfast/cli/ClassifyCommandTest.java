// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifyCommandTest {
    private static final String LINE =
            "{\"id\":\"a\",\"provider\":\"openai\",\"transport\":\"http\",\"status\":429,\"headers\":{\"Retry-After\":\"3\"},\"body\":\"\"}\n";

    @TempDir
    Path temp;

    @Test
    void stdinAndAFileAreReadAlike() throws Exception {
        Path file = Files.writeString(temp.resolve("errors.jsonl"), LINE);

        Ran stdin = Ran.with(Map.of(), LINE, "classify");
        Ran dash = Ran.with(Map.of(), LINE, "classify", "-");

        assertThat(stdin.code()).isZero();
        assertThat(stdin.json().path("category").stringValue()).isEqualTo("rate_limit");
        assertThat(stdin.json().path("retry_after_ms").asInt()).isEqualTo(3000);
        assertThat(stdin).isEqualTo(dash).isEqualTo(Ran.holdfast("classify", file.toString()));
    }

    @Test
    void aMalformedLineFailsTheCommandAndTheRestGoesOn() {
        Ran ran = Ran.with(Map.of(), "{broken\n" + LINE, "classify");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out().lines()).hasSize(2);
        assertThat(ran.out()).startsWith("{\"line\":1,\"error\":");
    }

    @Test
    void aFileThatCannotBeReadIsAUsageError() {
        for (String path : new String[] {temp.resolve("absent").toString(), temp.toString()}) {
            Ran ran = Ran.holdfast("classify", path);

            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err()).contains(path);
        }
    }
}
