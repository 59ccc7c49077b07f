// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

/**
 * What an error must have, at the least, for a condition to hold: a status within bounds and some facts. Necessary and not
 * enough, for a look that costs less than the condition.
 *
 * @param from the lowest status
 * @param to the highest status
 * @param facts the bits of the {@link Fact}s
 */
record Needs(int from, int to, int facts) {
    static final Needs NO_STATUS = new Needs(0, 0, 0);
    private static final Needs NOTHING = new Needs(Integer.MIN_VALUE, Integer.MAX_VALUE, 0);

    static Needs of(Condition condition) {
        if (condition instanceof Condition.Status status) {
            return new Needs(status.from(), status.to(), 0);
        }
        if (condition instanceof Condition.Holds holds) {
            return new Needs(NOTHING.from, NOTHING.to, holds.fact().bit());
        }
        if (condition instanceof Condition.All all) {
            return all.parts().stream().map(Needs::of).reduce(NOTHING, Needs::and);
        }
        if (condition instanceof Condition.Any any) {
            return any.parts().stream().map(Needs::of).reduce(Needs::or).orElse(NOTHING);
        }
        return NOTHING;
    }

    Needs and(Needs other) {
        return new Needs(Math.max(from, other.from), Math.min(to, other.to), facts | other.facts);
    }

    private Needs or(Needs other) {
        return new Needs(Math.min(from, other.from), Math.max(to, other.to), facts & other.facts);
    }

    boolean areMetBy(Evidence evidence) {
        return evidence.status() >= from && evidence.status() <= to && (evidence.facts() & facts) == facts;
    }
}
