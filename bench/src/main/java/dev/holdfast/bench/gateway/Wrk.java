// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by wrk: so many kept connections, each with its next request as soon as it has the answer. */
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec: *([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("([0-9]+) requests in");
    private static final Pattern QUANTILE = Pattern.compile("(50|99)% *([0-9.]+)(us|ms|s)\\b");
    private static final Pattern BAD = Pattern.compile("(Non-2xx or 3xx responses|Socket errors): *(.*)");

    /**
     * What one run gave.
     *
     * @param bad what wrk said about errors; empty for none
     */
    record Result(double perSecond, long requests, double p50Micros, double p99Micros, String bad) {}

    private final Path directory;

    Wrk(Path directory) {
        this.directory = directory;
    }

    Result run(Candidate candidate, String body, int connections, int seconds)
            throws IOException, InterruptedException {
        Path script = Files.createTempFile(directory, "request", ".lua");
        Files.writeString(script, script(candidate.headers(), body));
        Process process = new ProcessBuilder(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--latency",
                        "--timeout",
                        "10s",
                        "-s",
                        script.toString(),
                        candidate.url("/v1/chat/completions"))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk failed: " + said);
        }
        Matcher bad = BAD.matcher(said);
        return new Result(
                number(RATE, said),
                (long) number(COUNT, said),
                micros(said, "50"),
                micros(said, "99"),
                bad.find() ? bad.group() : "");
    }

    private static String script(Map<String, String> headers, String body) {
        StringBuilder lua = new StringBuilder("wrk.method = \"POST\"\nwrk.body = [==[" + body + "]==]\n");
        lua.append("wrk.headers[\"content-type\"] = \"application/json\"\n");
        headers.forEach((name, value) -> lua.append("wrk.headers[\"")
                .append(name)
                .append("\"] = \"")
                .append(value)
                .append("\"\n"));
        return lua.toString();
    }

    private static double number(Pattern pattern, String said) throws IOException {
        Matcher matcher = pattern.matcher(said);
        if (!matcher.find()) {
            throw new IOException("wrk did not say " + pattern + ": " + said);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static double micros(String said, String quantile) throws IOException {
        Matcher matcher = QUANTILE.matcher(said);
        while (matcher.find()) {
            if (matcher.group(1).equals(quantile)) {
                double unit =
                        switch (matcher.group(3)) {
                            case "us" -> 1;
                            case "ms" -> 1e3;
                            default -> 1e6;
                        };
                return Double.parseDouble(matcher.group(2)) * unit;
            }
        }
        throw new IOException("wrk gave no " + quantile + "%: " + said);
    }
}
