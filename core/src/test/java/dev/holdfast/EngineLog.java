// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Holds what the engine logs, in place of the console, until it is closed. */
final class EngineLog extends Handler implements AutoCloseable {
    final List<String> lines = new ArrayList<>();
    private final Logger logger = Logger.getLogger(Holdfast.class.getName());
    private final Function<LogRecord, String> asLine;

    EngineLog(Function<LogRecord, String> asLine) {
        this.asLine = asLine;
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(asLine.apply(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
