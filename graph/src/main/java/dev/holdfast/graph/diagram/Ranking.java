// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.graph.diagram;

import dev.holdfast.graph.diagram.Picture.Arrow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives each box a rank below all boxes that lead to it. Arrows that close a loop, as a depth-first search from the entry
 * finds them, are turned around first.
 */
final class Ranking {
    private final List<List<Arrow>> outgoing = new ArrayList<>();
    private final Set<Arrow> turned = new HashSet<>();
    private final int[] ranks;

    Ranking(Picture picture) {
        int size = picture.boxes.size();
        ranks = new int[size];
        picture.boxes.forEach(box -> outgoing.add(new ArrayList<>()));
        picture.arrows.forEach(arrow -> outgoing.get(arrow.from()).add(arrow));
        int[] state = new int[size];
        if (picture.entry >= 0) {
            search(picture.entry, state);
        }
        for (int box = 0; box < size; box++) {
            search(box, state);
        }
        rank(picture);
    }

    int rank(int box) {
        return ranks[box];
    }

    boolean isTurned(Arrow arrow) {
        return turned.contains(arrow);
    }

    /** Depth first, without recursion. States: 0 new, 1 on the path, 2 done. */
    private void search(int start, int[] state) {
        if (state[start] != 0) {
            return;
        }
        Deque<int[]> path = new ArrayDeque<>();
        path.push(new int[] {start, 0});
        state[start] = 1;
        while (!path.isEmpty()) {
            int[] top = path.element();
            if (top[1] == outgoing.get(top[0]).size()) {
                state[top[0]] = 2;
                path.pop();
                continue;
            }
            Arrow arrow = outgoing.get(top[0]).get(top[1]++);
            if (state[arrow.to()] == 1) {
                turned.add(arrow);
            } else if (state[arrow.to()] == 0) {
                state[arrow.to()] = 1;
                path.push(new int[] {arrow.to(), 0});
            }
        }
    }

    /** Longest path: in topological order, each box one below the lowest that leads to it. */
    private void rank(Picture picture) {
        int size = picture.boxes.size();
        int[] waiting = new int[size];
        List<List<Integer>> below = new ArrayList<>();
        picture.boxes.forEach(box -> below.add(new ArrayList<>()));
        for (Arrow arrow : picture.arrows) {
            if (arrow.from() != arrow.to()) {
                int top = isTurned(arrow) ? arrow.to() : arrow.from();
                int bottom = isTurned(arrow) ? arrow.from() : arrow.to();
                below.get(top).add(bottom);
                waiting[bottom]++;
            }
        }
        Deque<Integer> ready = new ArrayDeque<>();
        for (int box = 0; box < size; box++) {
            if (waiting[box] == 0) {
                ready.add(box);
            }
        }
        while (!ready.isEmpty()) {
            int box = ready.remove();
            for (int next : below.get(box)) {
                ranks[next] = Math.max(ranks[next], ranks[box] + 1);
                if (--waiting[next] == 0) {
                    ready.add(next);
                }
            }
        }
    }
}
