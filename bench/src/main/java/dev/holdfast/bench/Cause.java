// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.bench;

/**
 * Why something is slower than it was to be, as profiles showed it. Printed beside a row only while that row is missed, and
 * to be written anew when what it speaks of has changed.
 */
enum Cause {
    /** Of asynchronous calls on one thread. */
    ASYNC("One reading of the clock is half of the call, and the peer's two are half of its own: neither side can do"
            + " without, so what is to be halved is the other half. Of ours, three atomic operations (a slot taken, a"
            + " slot given back, the success counted) were a quarter when this was profiled, and on JDK 17 a third was the"
            + " attempt that the function gets, written to fresh memory: where the compiler inlines the function and keeps"
            + " the attempt on the stack, as JDK 25 mostly does, 24 B and about 9 ns less are left. The rest are some"
            + " fifteen volatile reads, one for each thing that could stand in the way. Since then a fence ends the"
            + " attempt, so that a handle in another thread's hands cannot end it a second time; it costs about what an"
            + " atomic operation does, and leaves the attempt on the stack where the compiler had put it there."),

    /** Of asynchronous calls on two threads. */
    TWO_THREADS("Threads write no word in common any more: slots, successes and a pacer's shares have a word for each"
            + " thread. What is left beyond the time of one thread has not been taken apart: it takes a machine on which"
            + " two threads have two cores to themselves."),

    /** Of blocking calls. */
    BLOCKING("An attempt that blocks can be interrupted by its timeout and by the deadline, which the peers' cannot. So"
            + " its end is fought for: the attempt is announced to the watch by an atomic operation and ended behind a fence,"
            + " which are two beyond the three of every call, and written to memory (72 B), because the watch can"
            + " reach it. The peer's objects stay on the stack on JDK 25 (0 B).");

    private final String words;

    Cause(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
