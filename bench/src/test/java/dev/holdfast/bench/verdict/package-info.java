// SPDX-License-Identifier: Apache-2.0
/** The same real errors judged by Holdfast and by others; writes the documentation page that compares them. */
@NullMarked
package dev.holdfast.bench.verdict;

import org.jspecify.annotations.NullMarked;
