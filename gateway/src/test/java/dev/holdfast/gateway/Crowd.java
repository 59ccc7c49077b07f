// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Clients that ask again and again, each on a thread of its own, until they are stopped; it counts how their requests ended. */
final class Crowd {
    /** One request from beginning to end. */
    interface Asking {
        Ending ask(int client, int turn) throws Exception;
    }

    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Map<String, Integer> endings = new TreeMap<>();
    private int ended;

    Crowd(int size, Asking asking) {
        for (int i = 0; i < size; i++) {
            int client = i;
            Thread thread = new Thread(() -> run(client, asking), "client-" + i);
            thread.setDaemon(true);
            clients.add(thread);
            thread.start();
        }
    }

    private void run(int client, Asking asking) {
        for (int turn = 0; !stopped.get(); turn++) {
            Ending ending;
            try {
                ending = asking.ask(client, turn);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                ending = new Ending(Ending.Kind.WRONG, e.toString());
            }
            count(ending);
        }
    }

    private synchronized void count(Ending ending) {
        ended++;
        endings.merge((ending.kind() + " " + ending.code()).strip(), 1, Integer::sum);
    }

    synchronized int ended() {
        return ended;
    }

    /** How many requests ended how: the kind, and the code of the error. */
    synchronized Map<String, Integer> endings() {
        return new TreeMap<>(endings);
    }

    /** Each client finishes what it has begun. */
    Map<String, Integer> stop() throws InterruptedException {
        stopped.set(true);
        for (Thread client : clients) {
            client.join();
        }
        return endings();
    }
}
