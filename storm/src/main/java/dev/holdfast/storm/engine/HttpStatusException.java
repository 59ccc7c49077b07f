// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.storm.engine;

/** A server answered with an error status, as plain HTTP clients tell it. Without a stack trace: there are very many. */
public final class HttpStatusException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_ERROR = 500;

    private final int status;

    public HttpStatusException(int status) {
        super("HTTP " + status, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Whether the server is to blame: 5xx. */
    public boolean serverError() {
        return status >= FIRST_SERVER_ERROR;
    }

    /** Whether the same request may do better later: 5xx, 429 and 408. */
    public boolean worthRetrying() {
        return serverError() || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
    }
}
