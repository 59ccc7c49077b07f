// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What Linux tells about a process and its children. */
final class ProcFiles {
    /** USER_HZ, the same on every Linux. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcFiles() {}

    static double cpuSeconds(Process process) {
        return pids(process).mapToDouble(ProcFiles::cpuSeconds).sum();
    }

    static long residentKib(Process process) {
        return pids(process).map(pid -> field(pid, "VmRSS:")).sum();
    }

    private static LongStream pids(Process process) {
        return LongStream.concat(
                LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid));
    }

    private static double cpuSeconds(long pid) {
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        // The name in brackets may hold spaces: count from its end.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    private static long field(long pid, String name) {
        try (Stream<String> lines =
                read(Path.of("/proc", Long.toString(pid), "status")).lines()) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
