// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.gateway;

import java.util.List;
import java.util.Map;

/**
 * One server in the comparison.
 *
 * @param name as the page calls it
 * @param port where it listens on loopback
 * @param headers that a request must carry for it
 * @param processes all that belong to it; empty where it is the upstream itself
 */
record Candidate(String name, int port, Map<String, String> headers, List<Process> processes) {
    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** Processor time of its processes so far, in seconds. */
    double cpuSeconds() {
        return processes.stream().mapToDouble(ProcFiles::cpuSeconds).sum();
    }

    /** Resident memory of its processes, in MiB. */
    long residentMib() {
        return processes.stream().mapToLong(ProcFiles::residentKib).sum() / 1024;
    }
}
