// SPDX-License-Identifier: Apache-2.0
/**
 * Many calls from a file: JSON Lines in, one result line for each, in order, kept through kills and continued where they
 * stopped.
 */
@NullMarked
package dev.holdfast.llm.batch;

import org.jspecify.annotations.NullMarked;
