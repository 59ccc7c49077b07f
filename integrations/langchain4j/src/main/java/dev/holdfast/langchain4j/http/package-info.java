// SPDX-License-Identifier: Apache-2.0
/** LangChain4j's HTTP client on Holdfast's transport. */
@NullMarked
package dev.holdfast.langchain4j.http;

import org.jspecify.annotations.NullMarked;
