// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench.verdict;

/** One library's answer to the question what to do after an error. */
interface Judge {
    /** The heading of its column. */
    String name();

    /** How the answers come about: called for real or written after which rules, with what given in its favour. */
    String basis();

    /** How many kinds of failure it can tell apart for its user; 0 when it knows only "retry" and "do not". */
    int kinds();

    /** The first decision after this error; earlier cases leave no trace. */
    Opinion judge(ErrorCase error);
}
