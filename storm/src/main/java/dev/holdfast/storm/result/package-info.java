// SPDX-License-Identifier: Apache-2.0
/** What a storm found: plain data, complete enough for every report and for comparing two runs. */
@NullMarked
package dev.holdfast.storm.result;

import org.jspecify.annotations.NullMarked;
