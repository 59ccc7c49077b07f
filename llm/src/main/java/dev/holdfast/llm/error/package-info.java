// SPDX-License-Identifier: Apache-2.0
/** What an error of a model call means: rule tables per provider family, stated waits, exceptions of JVM clients. */
@NullMarked
package dev.holdfast.llm.error;

import org.jspecify.annotations.NullMarked;
