// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.run;

import dev.holdfast.graph.EdgeCondition;
import dev.holdfast.graph.EdgeSpec;
import dev.holdfast.graph.Graph;
import dev.holdfast.graph.NodeSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where branches meet again: their nearest common post-dominator, that is the first node which every way from every branch
 * to an end must pass. Where there is none, because some way ends early or never, the node that every branch can reach and
 * that is nearest to the one farthest from it. Edges for failures lead away from the usual way and do not count.
 *
 * <p>Post-dominators by the iterative method of K. Cooper, T. Harvey and K. Kennedy, "A Simple, Fast Dominance Algorithm",
 * 2001, on the reversed graph with one exit behind all ends.
 */
final class Joins {
    private static final int NONE = -1;

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int[][] next;
    private final int exit;
    /** Immediate post-dominator by number; {@link #NONE} where no end can be reached. */
    private final int[] above;

    Joins(Graph graph, Layout layout) {
        for (NodeSpec node : graph.nodes()) {
            if (numbers.putIfAbsent(node.id(), names.size()) == null) {
                names.add(node.id());
            }
        }
        exit = names.size();
        next = new int[exit + 1][];
        next[exit] = new int[0];
        for (int i = 0; i < exit; i++) {
            next[i] = successors(names.get(i), layout);
        }
        above = postDominators();
    }

    private int[] successors(String name, Layout layout) {
        Set<Integer> found = new LinkedHashSet<>();
        if (!layout.isTerminal(name)) {
            for (EdgeSpec edge : layout.outgoing(name)) {
                if (edge.condition() != EdgeCondition.ON_FAILURE) {
                    add(found, edge.target());
                }
            }
            NodeSpec node = layout.node(name);
            if (node != null) {
                node.routes().values().forEach(target -> add(found, target));
            }
        }
        if (found.isEmpty()) {
            found.add(exit);
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private void add(Set<Integer> found, String target) {
        Integer number = numbers.get(target);
        if (number != null) {
            found.add(number);
        }
    }

    private int[] postDominators() {
        int[] order =
                reverseReachable(); // from the exit outwards; position by number, NONE if the exit is out of reach
        int[] byPosition = new int[exit + 1];
        int count = 0;
        for (int i = 0; i <= exit; i++) {
            if (order[i] != NONE) {
                byPosition[order[i]] = i;
                count++;
            }
        }
        int[] idom = new int[exit + 1];
        Arrays.fill(idom, NONE);
        idom[exit] = exit;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int position = 1; position < count; position++) {
                int node = byPosition[position];
                int best = NONE;
                for (int successor : next[node]) {
                    if (idom[successor] != NONE) {
                        best = best == NONE ? successor : meet(idom, order, best, successor);
                    }
                }
                if (best != idom[node]) {
                    idom[node] = best;
                    changed = true;
                }
            }
        }
        return idom;
    }

    private static int meet(int[] idom, int[] order, int a, int b) {
        int left = a;
        int right = b;
        while (left != right) {
            while (order[left] > order[right]) {
                left = idom[left];
            }
            while (order[right] > order[left]) {
                right = idom[right];
            }
        }
        return left;
    }

    /** Reverse postorder of the reversed graph, from the exit. */
    private int[] reverseReachable() {
        List<List<Integer>> before = new ArrayList<>();
        for (int i = 0; i <= exit; i++) {
            before.add(new ArrayList<>());
        }
        for (int i = 0; i < exit; i++) {
            for (int successor : next[i]) {
                before.get(successor).add(i);
            }
        }
        int[] order = new int[exit + 1];
        Arrays.fill(order, NONE);
        List<Integer> finished = new ArrayList<>();
        boolean[] seen = new boolean[exit + 1];
        ArrayDeque<int[]> stack =
                new ArrayDeque<>(); // node, next child; a recursion as deep as the graph would overflow
        stack.push(new int[] {exit, 0});
        seen[exit] = true;
        while (!stack.isEmpty()) {
            int[] top = stack.peek();
            List<Integer> children = before.get(top[0]);
            if (top[1] < children.size()) {
                int child = children.get(top[1]++);
                if (!seen[child]) {
                    seen[child] = true;
                    stack.push(new int[] {child, 0});
                }
            } else {
                finished.add(top[0]);
                stack.pop();
            }
        }
        for (int i = 0; i < finished.size(); i++) {
            order[finished.get(i)] = finished.size() - 1 - i;
        }
        return order;
    }

    @Nullable
    String join(List<String> targets) {
        List<Integer> starts = new ArrayList<>();
        for (String target : targets) {
            Integer number = numbers.get(target);
            if (number == null) {
                return null;
            }
            starts.add(number);
        }
        String dominator = commonPostDominator(starts);
        return dominator != null ? dominator : nearestMeeting(starts);
    }

    private @Nullable String commonPostDominator(List<Integer> starts) {
        Set<Integer> common = null;
        for (int start : starts) {
            Set<Integer> chain = new LinkedHashSet<>();
            for (int node = start; node != NONE && node != exit && chain.add(node); ) {
                node = above[node];
            }
            if (common == null) {
                common = chain;
            } else {
                common.retainAll(chain);
            }
        }
        return common == null || common.isEmpty()
                ? null
                : names.get(common.iterator().next());
    }

    private @Nullable String nearestMeeting(List<Integer> starts) {
        int[] farthest = new int[exit];
        int[] reached = new int[exit];
        for (int start : starts) {
            int[] distance = distances(start);
            for (int i = 0; i < exit; i++) {
                if (distance[i] != NONE) {
                    reached[i]++;
                    farthest[i] = Math.max(farthest[i], distance[i]);
                }
            }
        }
        int best = NONE;
        for (int i = 0; i < exit; i++) {
            if (reached[i] == starts.size() && (best == NONE || farthest[i] < farthest[best])) {
                best = i;
            }
        }
        return best == NONE ? null : names.get(best);
    }

    private int[] distances(int start) {
        int[] distance = new int[exit + 1];
        Arrays.fill(distance, NONE);
        distance[start] = 0;
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (int successor : next[node]) {
                if (distance[successor] == NONE) {
                    distance[successor] = distance[node] + 1;
                    queue.add(successor);
                }
            }
        }
        return distance;
    }
}
