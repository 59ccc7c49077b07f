// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.graph.internal.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Conditions mean what Python means: the same expressions over the same names are evaluated here and by {@code python3},
 * in one process. Real time, because that process is real; skipped where there is no Python.
 */
@Timeout(120)
class PythonAgreementTest {
    private static final long SEED = Long.getLong("seed", 20261125);
    private static final int EXPRESSIONS = 8_000;

    /** Reads {names, expressions}; writes per expression its repr and truth, or the name of its error. */
    private static final String SCRIPT = """
        import json, sys, warnings
        warnings.simplefilter('ignore')
        try:
            import resource
            resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        except Exception:
            pass
        given = json.load(open(sys.argv[1], encoding='utf-8'))
        functions = [len, int, float, str, bool, list, dict, tuple, set, min, max, sum, abs, round, all, any]
        allowed = {f.__name__: f for f in functions}
        def plain(value):
            if isinstance(value, (complex, bytes)) or value is ... or callable(value):
                raise TypeError('no value of a condition')
            if isinstance(value, (list, tuple)):
                for item in value:
                    plain(item)
            if isinstance(value, int) and value.bit_length() > 4096:
                raise OverflowError('too large')
            return value
        with open(sys.argv[2], 'w', encoding='utf-8') as out:
            for text in given['expressions']:
                names = dict(json.loads(json.dumps(given['names'])), true=True, false=False, null=None)
                try:
                    value = plain(eval(text, {'__builtins__': allowed}, names))
                    answer = {'repr': repr(value), 'truth': bool(value)}
                except BaseException as e:
                    answer = {'error': type(e).__name__}
                out.write(json.dumps(answer) + '\\n')
        """;

    @TempDir
    Path folder;

    @Test
    void randomExpressionsMeanWhatPythonMeans() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomExpressions maker = new RandomExpressions(random);
        List<String> expressions = RandomExpressions.handPicked();
        while (expressions.size() < EXPRESSIONS) {
            expressions.add(maker.next());
        }

        List<JsonNode> answers = python(expressions);

        List<String> differences = new ArrayList<>();
        int values = 0;
        int limits = 0;
        for (int i = 0; i < expressions.size(); i++) {
            Outcome ours = Outcome.of(expressions.get(i));
            JsonNode theirs = answers.get(i);
            values += theirs.has("repr") ? 1 : 0;
            limits += ours.limited() ? 1 : 0;
            if (!ours.limited() && !ours.agreesWith(theirs)) {
                differences.add(expressions.get(i) + "\n   here: " + ours + "\n python: " + Json.string(theirs));
            }
        }
        System.out.printf(
                "python agreement: seed %d, %d expressions, %d with a value, %d over a limit%n",
                SEED, expressions.size(), values, limits);
        assertThat(differences).as("seed " + SEED).isEmpty();
        assertThat(values).as("expressions with a value").isGreaterThan(expressions.size() / 2);
        assertThat(limits).isLessThan(expressions.size() / 50);
    }

    private record Outcome(String repr, boolean truth, ConditionProblem problem) {
        static Outcome of(String expression) {
            Condition condition = Condition.of(expression);
            if (condition.problem() != null) {
                return new Outcome(null, false, condition.problem());
            }
            try {
                Run run = new Run(Scope.of(RandomExpressions.NAMES));
                Object value = condition.value(run);
                return new Outcome(Texts.repr(value, run), Values.truth(value), null);
            } catch (Trouble trouble) {
                return new Outcome(null, false, trouble.problem());
            }
        }

        boolean limited() {
            return problem != null && problem.kind() == ConditionProblem.Kind.LIMIT;
        }

        boolean agreesWith(JsonNode theirs) {
            return problem != null
                    ? theirs.has("error")
                    : theirs.has("repr")
                            && theirs.get("repr").stringValue().equals(repr)
                            && theirs.get("truth").booleanValue() == truth;
        }
    }

    private List<JsonNode> python(List<String> expressions) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("agree.py"), SCRIPT);
        ObjectNode given = Json.object();
        given.set("names", Json.node(RandomExpressions.NAMES));
        given.set("expressions", Json.node(expressions));
        Path in = Files.writeString(folder.resolve("in.json"), Json.string(given));
        Path out = folder.resolve("out.jsonl");
        Path said = folder.resolve("said.txt");
        Process process;
        try {
            process = new ProcessBuilder("python3", script.toString(), in.toString(), out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no python3 on the path; install the package python3");
            throw e;
        }
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS))
                    .as("python3 ended")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        return Files.readAllLines(out, StandardCharsets.UTF_8).stream()
                .map(Json::read)
                .toList();
    }
}
