// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of bare sockets that treats each request by the fault that its model's name begins with, and keeps count by the
 * whole name, which is one cell of the matrix.
 */
public final class FaultServer implements AutoCloseable {
    private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([A-Z_0-9]+)-([^\"]+)\"");
    private static final Pattern IN_PATH = Pattern.compile("/models/([A-Z_0-9]+)-([^:/]+):(\\w+)");
    private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*true");

    /**
     * One request as it arrived.
     *
     * @param key of idempotency; empty for none
     */
    public record Arrival(long nanos, String key) {}

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fault-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, List<Arrival>> arrivals = new ConcurrentHashMap<>();

    public FaultServer() throws IOException {
        listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** Where it is, without a path. */
    public String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** The requests of one cell so far, in the order of their arrival. */
    public List<Arrival> arrivals(String cell) {
        return List.copyOf(arrivals.getOrDefault(cell, List.of()));
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String head = head(socket.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            String body = body(socket.getInputStream(), head);
            String line = head.lines().findFirst().orElse("");
            Matcher inPath = IN_PATH.matcher(line);
            boolean gemini = inPath.find();
            Matcher model = gemini ? inPath : MODEL.matcher(body);
            if (!gemini && !model.find()) {
                return;
            }
            List<Arrival> sofar = arrivals.computeIfAbsent(
                    model.group(1) + "-" + model.group(2), name -> new CopyOnWriteArrayList<>());
            sofar.add(new Arrival(System.nanoTime(), header(head, "idempotency-key")));
            Wire wire = gemini ? Wire.GEMINI : line.contains("/messages") ? Wire.ANTHROPIC : Wire.OPENAI;
            boolean stream = gemini
                    ? inPath.group(3).startsWith("stream")
                    : STREAM.matcher(body).find();
            Fault.valueOf(model.group(1)).serve(new Request(socket, wire, stream, sofar.size()));
        } catch (IOException left) {
            // the client has gone: many of the faults are about that
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
            matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String body(InputStream in, String head) throws IOException {
        String length = header(head, "content-length");
        return length.isEmpty() ? "" : new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
