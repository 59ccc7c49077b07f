// SPDX-License-Identifier: Apache-2.0
/** What happens in a storm, who calls when, and what the best possible client could have got. */
@NullMarked
package dev.holdfast.storm.scenario;

import org.jspecify.annotations.NullMarked;
