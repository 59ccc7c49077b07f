// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.target.internal;

/** The answer of a {@link Credential} to a call that wants to use it. */
public sealed interface Pass {
    /** Nothing stands in the way. */
    Pass FREE = new Free();

    /** Blocked. */
    Pass NO = new No();

    /** See {@link Pass#FREE}. */
    record Free() implements Pass {}

    /** See {@link Pass#NO}. */
    record No() implements Pass {}

    /** This call is the one that finds out whether the credential works again. */
    record Trial(Block block) implements Pass {}
}
