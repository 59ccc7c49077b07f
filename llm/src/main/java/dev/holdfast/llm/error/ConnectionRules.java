// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.CANCELLED;
import static dev.holdfast.failure.Category.NETWORK;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.STREAM_INTERRUPTED;
import static dev.holdfast.failure.Category.TIMEOUT;
import static dev.holdfast.llm.error.Condition.all;
import static dev.holdfast.llm.error.Condition.any;
import static dev.holdfast.llm.error.Condition.fact;
import static dev.holdfast.llm.error.Condition.not;
import static dev.holdfast.llm.error.Condition.status;
import static dev.holdfast.llm.error.Condition.text;
import static dev.holdfast.llm.error.Condition.thrown;

import java.util.List;

/**
 * Exceptions of the JDK client, OkHttp, Apache HttpClient 5, Netty, reactor-netty and HttpURLConnection, by class name and
 * words. Whether the request can have reached the server is part of the verdict.
 */
final class ConnectionRules {
    private static final Condition TLS = thrown(
            "SSLHandshakeException", "SSLException", "SSLPeerUnverifiedException", "SSLProtocolException", "NotSslRecordException",
            "CertPathValidatorException", "SunCertPathBuilderException", "CertificateException", "SSLKeyException");

    static final RuleTable TABLE = RuleTable.of(
            "connection",
            "Connections (JDK, OkHttp, Apache HttpClient 5, Netty, reactor-netty)",
            List.of("jvm", "jvm_jdk", "jvm_okhttp", "jvm_apache_hc5", "jvm_netty", "jvm_reactor_netty", "jvm_urlconnection"),
            Rule.caller(
                    "interrupted",
                    any(
                            thrown("InterruptedException", "ClosedByInterruptException", "CancellationException"),
                            all(thrown("InterruptedIOException"), text("interrupted ", "thread interrupted")))),
            Rule.caller(
                    "cancelled_call",
                    all(
                            fact(Fact.THROWN),
                            text("canceled ", "cancelled ", "request aborted", "call was cancelled"),
                            not(text("rst stream", "stream was reset", "stream cancelled", "stream canceled")))),
            Rule.connection(
                    "dns",
                    Verdict.of(NETWORK).unsent(),
                    any(
                            thrown("UnknownHostException", "UnresolvedAddressException", "DnsNameResolverException", "DnsErrorCauseException"),
                            text("name or service not known", "failed to resolve", "no such host", "temporary failure in name resolution"))),
            Rule.connection(
                    "handshake_timeout",
                    Verdict.of(TIMEOUT).unsent(),
                    any(thrown("SslHandshakeTimeoutException"), text("handshake timed out"))),
            Rule.connection(
                    "connect_timeout",
                    Verdict.of(TIMEOUT).unsent(),
                    any(
                            thrown("HttpConnectTimeoutException", "ConnectTimeoutException", "ConnectionRequestTimeoutException", "PoolAcquireTimeoutException"),
                            all(thrown("SocketTimeoutException"), text("connect timed out", "failed to connect", "connect to")),
                            text("http connect timed out", "connection timed out", "connect timeout", "timeout waiting for connection"))),
            Rule.connection(
                    "pool_exhausted",
                    Verdict.of(TIMEOUT).unsent(),
                    any(thrown("PoolAcquirePendingLimitException"), text("pending acquire queue has reached"))),
            Rule.connection(
                    "tls_permanent",
                    Verdict.of(NETWORK).elsewhere().unsent(),
                    any(
                            all(
                                    TLS,
                                    text(
                                            "pkix", "certification path", "certificate", "not verified", "subject alternative", "unrecognized ssl message",
                                            "not an ssl", "handshake failure", "protocol version", "no appropriate protocol", "plaintext", "unable to parse tls",
                                            "unsupported or unrecognized", "no name matching")),
                            thrown("SSLPeerUnverifiedException", "NotSslRecordException", "CertPathValidatorException", "SunCertPathBuilderException"),
                            text("pkix path", "plaintext connection"))),
            Rule.connection("tls_broken_off", Verdict.of(NETWORK).unsent(), thrown("SSLHandshakeException")),
            Rule.connection(
                    "refused",
                    Verdict.of(NETWORK).unsent(),
                    any(
                            thrown("ConnectException", "HttpHostConnectException", "NoRouteToHostException", "PortUnreachableException", "AnnotatedConnectException", "AnnotatedNoRouteToHostException", "BindException"),
                            text("connection refused", "network is unreachable", "no route to host"))),
            Rule.connection(
                    "stream_not_processed",
                    Verdict.of(NETWORK).unsent(),
                    text("refused stream", "stream not processed")),
            Rule.connection("enhance_your_calm", OVERLOADED, text("processing capacity exceeded", "enhance your calm")),
            Rule.connection("going_away", NETWORK, text("goaway")),
            Rule.connection(
                    "body_cut",
                    STREAM_INTERRUPTED,
                    any(
                            thrown("TruncatedChunkException", "PrematureChannelClosureException", "IncompleteChunkException"),
                            all(thrown("ProtocolException"), text("unexpected end of stream", "expected", "end of input")),
                            all(thrown("ConnectionClosedException"), text("premature end")),
                            text(
                                    "premature end", "prematurely closed during response", "fixed content length", "chunked transfer encoding",
                                    "premature eof", "missing eof", "closing chunk expected", "incomplete chunked read", "response ended prematurely",
                                    "unexpected end of chunk", "stream was reset no error", "stream was reset cancel", "stream was reset internal error",
                                    "stream cancelled", "not an error"))),
            Rule.connection(
                    "no_response",
                    NETWORK,
                    any(
                            thrown("NoHttpResponseException"),
                            text(
                                    "header parser received no bytes", "before response", "unexpected end of stream on", "unexpected end of file from server",
                                    "failed to respond"))),
            Rule.connection(
                    "timeout",
                    TIMEOUT,
                    any(
                            thrown("HttpTimeoutException", "SocketTimeoutException", "ReadTimeoutException", "WriteTimeoutException", "TimeoutException", "ResponseTimeoutException", "ApiCallTimeoutException", "ApiCallAttemptTimeoutException"),
                            all(thrown("InterruptedIOException"), text("timeout", "timed out")),
                            text("read timed out", "request timed out", "timeout on blocking read", "did not observe any item or terminal signal", "timed out", "operation timeout", "timeout "))),
            Rule.connection(
                    "closed_while_reading",
                    STREAM_INTERRUPTED,
                    any(
                            all(thrown("UncheckedIOException"), text("closed ")),
                            all(thrown("IOException", "UncheckedIOException"), text("eof reached while reading", "unexpected end of input")))),
            Rule.connection(
                    "reset",
                    NETWORK,
                    any(
                            thrown("ClosedChannelException", "ConnectionClosedException", "ConnectionShutdownException", "StreamResetException", "NativeIoException"),
                            text(
                                    "connection reset", "connection was reset", "broken pipe", "connection aborted", "software caused connection abort", "socket closed",
                                    "socket is closed", "connection closed", "connection is closed", "connection has been closed", "closed by peer", "reset by peer", "socket hang up",
                                    "rst stream", "econnreset", "stream closed", "connection error"))),
            Rule.exception("dropped_call", CANCELLED, all(thrown("RejectedExecutionException"), text("shutdown", "terminated"))),
            Rule.exception("io", NETWORK, thrown("IOException", "UncheckedIOException", "SocketException", "EOFException", "ResourceAccessException", "WebClientRequestException", "OpenAIIoException", "AnthropicIoException", "SSLException")),
            Rule.exception(
                    "named_by_client",
                    Verdict.of(dev.holdfast.failure.Category.RATE_LIMIT),
                    thrown("RateLimitException", "TooManyRequests", "ThrottlingException")),
            Rule.status("gateway_client_left", Verdict.of(CANCELLED), status(499)));

    private ConnectionRules() {}
}
