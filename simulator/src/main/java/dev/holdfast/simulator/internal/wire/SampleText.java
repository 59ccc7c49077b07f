// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.simulator.internal.wire;

import dev.holdfast.simulator.internal.behaviour.Behaviour;
import java.util.AbstractList;
import java.util.List;

/** Text as a fixed function of the model string: word n is picked by a hash of the bare name and n, so none is stored. */
public final class SampleText {
    private static final String[] WORDS =
            ("anchor beacon bright calm channel clear coast current deep drift ebb far ferry "
                            + "gale gentle grain harbour haul hold horizon island keel ladder lantern level line long mast mist "
                            + "morning north oar open outer pier pilot quiet rain reef rope sail sand salt shore signal slow "
                            + "small sound steady still stone storm strait tide timber under vessel watch water wave west")
                    .split(" ");

    private SampleText() {}

    /** The words of the answer, each but the first led by a space. */
    public static List<String> pieces(String model, int tokens) {
        long seed = hash(Behaviour.bareName(model));
        return new AbstractList<>() {
            @Override
            public String get(int index) {
                return (index == 0 ? "" : " ") + WORDS[(int) Long.remainderUnsigned(mix(seed + index), WORDS.length)];
            }

            @Override
            public int size() {
                return tokens;
            }
        };
    }

    /** FNV-1a, 64 bits. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finaliser of SplitMix64. */
    static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
