// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.gateway.config.ConfigException;
import dev.holdfast.gateway.config.ConfigReader;
import dev.holdfast.gateway.config.GatewayConfig;
import dev.holdfast.gateway.config.PolicySettings;
import dev.holdfast.llm.preset.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/gateway-configuration.md and the sample say what the reader does. */
class GatewayConfigurationPageTest {
    private static final Path DOCS = Path.of(System.getenv("HOLDFAST_ROOT")).resolve("docs");
    private static final ConfigReader READER =
            new ConfigReader(name -> name.endsWith("_KEY") ? "value-of-" + name : null);

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("gateway-configuration.md"));
    }

    private static String example() throws IOException {
        Matcher block = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(page());
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    @Test
    void theExampleIsRead() throws Exception {
        GatewayConfig config = READER.read("example", example());

        assertThat(config.models().keySet()).containsExactly("default", "fast", "groq");
        assertThat(config.policies().get("standard"))
                .isEqualTo(ResilienceConfig.defaults()
                        .withDeadline(Duration.ofMinutes(2))
                        .withCircuit(ResilienceConfig.defaults().circuit().withSlowCalls(Duration.ofMinutes(5), 1)));
        assertThat(config.limits()).isEqualTo(GatewayConfig.Limits.defaults());
    }

    @Test
    void theSampleIsReadWithAndWithoutClients() throws Exception {
        String sample = Files.readString(DOCS.resolve("samples/holdfast.yaml"));

        assertThat(READER.read("sample", sample).models()).hasSize(2);
        assertThat(READER.read(
                                "sample",
                                sample.replace("# clients:", "clients:").replace("#   - {", "  - {"))
                        .clients())
                .hasSize(1);
    }

    @Test
    void everyKeyOfAPolicyIsInTheTableWithItsDefault() throws Exception {
        ResilienceConfig usual = ResilienceConfig.defaults();
        String page = page();
        for (PolicySettings.Setting setting : PolicySettings.all(usual, usual)) {
            Matcher row = Pattern.compile("(?m)^\\| `" + Pattern.quote(setting.key()) + "` \\|.*\\| ([^|]*) \\|$")
                    .matcher(page);
            assertThat(row.find()).as(setting.key()).isTrue();
            String stated = row.group(1).replace("`", "");
            if (!setting.key().equals("circuit.counted")) {
                // "none" may be followed by its reason
                assertThat(seconds(stated.replaceFirst(":.*(?<!})$", "")))
                        .as(setting.key())
                        .isEqualTo(seconds(setting.value()));
            }
        }
    }

    /** 60s and 1m are the same. */
    private static String seconds(String text) {
        return text.equals("60s") ? "1m" : text;
    }

    @Test
    void everyKeyThatTheReaderKnowsIsOnThePage() throws Exception {
        String page = page();
        for (String where : new String[] {
            "WRONG: 1",
            "listen: { WRONG: 1 }",
            "clients: [{ WRONG: 1 }]",
            "targets: { a: { WRONG: 1 } }",
            "models: { a: { WRONG: 1 } }",
            "limits: { WRONG: 1 }",
            "access_log: { WRONG: 1 }",
        }) {
            String prefix = where.startsWith("W") ? "" : where.substring(0, where.indexOf(':'));
            for (String key : known(where)) {
                String path =
                        switch (prefix) {
                            case "" -> key;
                            case "clients" -> "clients[]." + key;
                            case "targets", "models" -> prefix + ".*." + key;
                            default -> prefix + "." + key;
                        };
                boolean section = Set.of("listen", "limits", "access_log").contains(path);
                assertThat(page).as(path).contains(section ? "| `" + path + "." : "| `" + path + "` |");
            }
        }
    }

    private static Set<String> known(String yaml) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> READER.read("f", yaml + "\n"));
        String message = Objects.requireNonNull(refused).problems().stream()
                .filter(problem -> problem.key().endsWith("WRONG"))
                .findFirst()
                .orElseThrow()
                .message();
        return new TreeSet<>(
                Arrays.asList(message.substring(message.indexOf("known: ") + 7).split(", ")));
    }

    @Test
    void everyProviderIsOnThePage() throws Exception {
        String page = page();

        assertThat(Presets.all()).allSatisfy(preset -> assertThat(page).contains("`" + preset.name() + "`"));
    }
}
