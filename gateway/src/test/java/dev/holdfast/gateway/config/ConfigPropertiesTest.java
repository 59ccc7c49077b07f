// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.ResilienceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What holds for every configuration, tried on random ones; a failure names its seed. */
class ConfigPropertiesTest {
    private static final long SEED = 20_261_126;

    private static void forSeeds(int runs, Consumer<Long> check) {
        for (long seed = SEED; seed < SEED + runs; seed++) {
            try {
                check.accept(seed);
            } catch (AssertionError | RuntimeException error) {
                throw new AssertionError("seed " + seed + ": " + error.getMessage(), error);
            }
        }
    }

    private static String yaml(long seed) {
        return Written.yaml(new RandomConfig(seed).config());
    }

    @Test
    void whatIsWrittenIsReadBackEqual() {
        forSeeds(120, seed -> {
            GatewayConfig config = new RandomConfig(seed).config();

            GatewayConfig read = Reading.read(Written.yaml(config));

            assertThat(read).isEqualTo(config);
        });
    }

    @Test
    void aPolicyIsTheSameWithAndWithoutWhatIsUsual() {
        forSeeds(50, seed -> {
            ResilienceConfig usual = new RandomConfig(seed).policy();

            GatewayConfig read = new ConfigReader(Reading.ENVIRONMENT::get)
                    .withDefaults(usual)
                    .read("test.yaml", Reading.SMALL + "policies:\n  other: {}\n");

            assertThat(read.policies()).containsEntry("standard", usual).containsEntry("other", usual);
        });
    }

    @Test
    void aMisspelledKeyIsAProblemOfItsLine() {
        forSeeds(120, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> lines = new ArrayList<>(yaml(seed).lines().toList());
            int at = lineThat(lines, random, "^ *(- )?[a-z_]+:.*");
            // names of models, policies and targets are free
            lines.set(at, lines.get(at).replaceFirst("([a-z_]+):", "$1_x:"));
            boolean isName = lines.get(at).matches("  [mp][0-9]?_x:|  standard_x:|      x-team_x:.*");

            List<ConfigProblem> problems = problems(lines);

            if (!isName) {
                assertThat(problems).as(lines.get(at)).anyMatch(problem -> problem.line() == at + 1);
            }
        });
    }

    @Test
    void aWrongTypeIsAProblemOfItsLine() {
        forSeeds(120, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> lines = new ArrayList<>(yaml(seed).lines().toList());
            int at = lineThat(lines, random, "^ *(- )?[a-z_]+: .+");
            boolean list = lines.get(at).contains(": [");
            lines.set(at, lines.get(at).replaceFirst(": .*", list ? ": 12" : ": [ { a: b } ]"));

            List<ConfigProblem> problems = problems(lines);

            assertThat(problems).as(lines.get(at)).anyMatch(problem -> problem.line() == at + 1);
        });
    }

    @Test
    void aMissingLineIsReadOrRefusedButNeverAnotherFailure() {
        forSeeds(120, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> lines = new ArrayList<>(yaml(seed).lines().toList());
            lines.remove(random.nextInt(lines.size()));

            problems(lines);
        });
    }

    @Test
    void requiredLinesAreMissedAtTheirParent() {
        forSeeds(100, seed -> {
            List<String> lines = new ArrayList<>(yaml(seed).lines().toList());
            int at = lineThat(lines, new SplittableRandom(seed), "^    (provider|model|targets): .*");
            int parent = at;
            while (!lines.get(parent).matches("^  [^ ].*:$")) {
                parent--;
            }
            int expected = parent + 1;
            lines.remove(at);

            assertThat(problems(lines)).anyMatch(problem -> problem.line() == expected);
        });
    }

    @Test
    void noBytesAreAnythingButAConfigurationOrItsProblems() {
        forSeeds(400, seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder(yaml(seed));
            if (random.nextInt(4) == 0) {
                text.setLength(random.nextInt(200));
            }
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                int at = random.nextInt(text.length() + 1);
                String noise = noise(random);
                if (random.nextBoolean() && at + 3 < text.length()) {
                    text.replace(at, at + random.nextInt(3), noise);
                } else {
                    text.insert(at, noise);
                }
            }

            problems(List.of(text.toString()));
        });
    }

    private static String noise(SplittableRandom random) {
        String signs = "{}[]:,-?!&*#|>@`%'\"\\\n\t $~<\u0000\uFEFF\uD800\u0085\u2028";
        return switch (random.nextInt(4)) {
            case 0 -> String.valueOf((char) random.nextInt(0x10000));
            case 1 -> List.of("${", "${A:-", "&a ", "*a", "<<: ", "---\n", "...\n", "!!int ", "? ", "%YAML 1.3\n")
                    .get(random.nextInt(10));
            case 2 -> new String(Character.toChars(random.nextInt(0x10FFFF)));
            default -> String.valueOf(signs.charAt(random.nextInt(signs.length())));
        };
    }

    private static int lineThat(List<String> lines, SplittableRandom random, String pattern) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                fitting.add(i);
            }
        }
        return fitting.get(random.nextInt(fitting.size()));
    }

    private static List<ConfigProblem> problems(List<String> lines) {
        Throwable thrown = catchThrowable(() -> Reading.read(String.join("\n", lines)));
        if (thrown == null) {
            return List.of();
        }
        assertThat(thrown).as(String.join("\n", lines)).isInstanceOf(ConfigException.class);
        List<ConfigProblem> problems = ((ConfigException) thrown).problems();
        assertThat(problems).isNotEmpty();
        assertThat(problems).extracting(ConfigProblem::line).isSorted();
        return problems;
    }
}
