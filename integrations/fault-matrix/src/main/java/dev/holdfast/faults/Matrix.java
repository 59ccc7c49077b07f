// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Runs clients through all faults, several cells at a time. */
public final class Matrix {
    private Matrix() {}

    /**
     * Each client before each fault.
     *
     * @param subjects by the client's name, made for the server's URL
     * @param atOnce how many cells run at a time
     */
    public static Map<String, List<Cell>> run(Map<String, Function<String, Subject>> subjects, int atOnce)
            throws IOException, InterruptedException {
        ExecutorService cells = Executors.newFixedThreadPool(atOnce);
        try (FaultServer server = new FaultServer()) {
            Map<String, List<Future<Cell>>> running = new LinkedHashMap<>();
            for (Map.Entry<String, Function<String, Subject>> entry : subjects.entrySet()) {
                Subject subject = entry.getValue().apply(server.url());
                warmUp(server, subject);
                List<Future<Cell>> row = new ArrayList<>();
                for (Fault fault : Fault.values()) {
                    row.add(cells.submit(() -> Cell.run(server, fault, subject)));
                }
                running.put(entry.getKey(), row);
            }
            Map<String, List<Cell>> results = new LinkedHashMap<>();
            for (Map.Entry<String, List<Future<Cell>>> entry : running.entrySet()) {
                List<Cell> row = new ArrayList<>();
                for (Future<Cell> cell : entry.getValue()) {
                    row.add(cell.get());
                }
                results.put(entry.getKey(), row);
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cell could not be run", e);
        } finally {
            cells.shutdownNow();
        }
    }

    /** Loading a client's classes takes seconds, which are no part of what is measured. */
    private static void warmUp(FaultServer server, Subject subject) throws InterruptedException {
        Cell.run(server, Fault.CONTEXT, subject);
        Cell.run(server, Fault.STREAM_500, subject);
    }
}
