// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.cli;

import dev.holdfast.ResilienceConfig;
import dev.holdfast.TimeoutConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about patience that the commands which make calls share. */
final class ResilienceOptions {
    @Option(names = "--deadline", paramLabel = "TIME", description = "The whole call, waits included (default: none).")
    private @Nullable Duration deadline;

    @Option(names = "--attempts", paramLabel = "N", description = "Attempts over all models (default: 3).")
    private @Nullable Integer attempts;

    @Option(
            names = "--first-content",
            paramLabel = "TIME",
            description = "Until an attempt's first content (default: 60s).")
    private @Nullable Duration firstContent;

    @Option(names = "--idle", paramLabel = "TIME", description = "The longest silence in an answer (default: 60s).")
    private @Nullable Duration idle;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A gateway's configuration: its models and targets can be named, with their policies.")
    private @Nullable Path file;

    @Nullable
    Path file() {
        return file;
    }

    @Nullable
    Duration deadline() {
        return deadline;
    }

    /** What was said on the command line, and the rest as it was. */
    ResilienceConfig over(ResilienceConfig usual) {
        ResilienceConfig config = usual;
        TimeoutConfig timeouts = config.timeouts();
        if (firstContent != null) {
            timeouts = timeouts.withFirstContent(firstContent);
        }
        if (idle != null) {
            timeouts = timeouts.withIdle(idle);
        }
        if (attempts != null) {
            if (attempts < 1) {
                throw new UsageException("--attempts must be at least 1 (1 means no retry), not " + attempts);
            }
            config = config.withMaxAttempts(attempts);
        }
        return config.withTimeouts(timeouts).withDeadline(deadline == null ? usual.deadline() : deadline);
    }
}
