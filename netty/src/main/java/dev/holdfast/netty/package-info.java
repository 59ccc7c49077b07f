// SPDX-License-Identifier: Apache-2.0
/** HTTP to providers on Netty: a transport that shares the event loops of the server in front of it. */
@NullMarked
package dev.holdfast.netty;

import org.jspecify.annotations.NullMarked;
