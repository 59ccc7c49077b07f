// SPDX-License-Identifier: Apache-2.0
/** LangChain4j on Holdfast: resilient models over any delegates, any LangChain4j model as a target, and an HTTP client
 * that keeps headers, timeouts and the ends of streams. */
@NullMarked
package dev.holdfast.langchain4j;

import org.jspecify.annotations.NullMarked;
