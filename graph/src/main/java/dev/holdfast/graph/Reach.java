// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Which nodes can be reached from which: strongly connected components (Tarjan, without recursion), then one bit set per
 * component, from the last component to the first. Time and memory grow with nodes times nodes over 64. Immutable.
 */
final class Reach {
    private final int[][] targets;
    private final int[] component;
    private final List<BitSet> reached = new ArrayList<>();

    /** @param targets per node the nodes that it leads to */
    Reach(int[][] targets) {
        this.targets = targets;
        component = new int[targets.length];
        Arrays.fill(component, -1);
        new Search().run();
    }

    /** The nodes that can be reached from a node, itself included. The caller must not change the set. */
    BitSet from(int node) {
        return reached.get(component[node]);
    }

    /** One depth-first search over all nodes; components are complete in reverse topological order. */
    private final class Search {
        final int[] order = new int[targets.length];
        final int[] low = new int[targets.length];
        final int[] nextChild = new int[targets.length];
        final int[] path = new int[targets.length];
        final int[] pending = new int[targets.length];
        int pathSize;
        int pendingSize;
        int visited;

        void run() {
            for (int node = 0; node < targets.length; node++) {
                if (order[node] == 0) {
                    enter(node);
                    while (pathSize > 0) {
                        step(path[pathSize - 1]);
                    }
                }
            }
        }

        void enter(int node) {
            order[node] = low[node] = ++visited;
            path[pathSize++] = node;
            pending[pendingSize++] = node;
        }

        void step(int node) {
            while (nextChild[node] < targets[node].length) {
                int child = targets[node][nextChild[node]++];
                if (order[child] == 0) {
                    enter(child);
                    return;
                }
                if (component[child] < 0) {
                    low[node] = Math.min(low[node], order[child]);
                }
            }
            pathSize--;
            if (pathSize > 0) {
                int parent = path[pathSize - 1];
                low[parent] = Math.min(low[parent], low[node]);
            }
            if (low[node] == order[node]) {
                close(node);
            }
        }

        void close(int root) {
            int number = reached.size();
            BitSet all = new BitSet(targets.length);
            int from = pendingSize;
            do {
                from--;
                component[pending[from]] = number;
                all.set(pending[from]);
            } while (pending[from] != root);
            for (int i = from; i < pendingSize; i++) {
                for (int child : targets[pending[i]]) {
                    if (component[child] != number) {
                        all.or(reached.get(component[child]));
                    }
                }
            }
            pendingSize = from;
            reached.add(all);
        }
    }
}
