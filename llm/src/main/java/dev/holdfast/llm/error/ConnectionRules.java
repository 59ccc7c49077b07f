// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.llm.error;

import static dev.holdfast.failure.Category.AUTH;
import static dev.holdfast.failure.Category.CONTENT_FILTER;
import static dev.holdfast.failure.Category.INVALID_REQUEST;
import static dev.holdfast.failure.Category.NETWORK;
import static dev.holdfast.failure.Category.NOT_FOUND;
import static dev.holdfast.failure.Category.OVERLOADED;
import static dev.holdfast.failure.Category.PERMISSION;
import static dev.holdfast.failure.Category.RATE_LIMIT;
import static dev.holdfast.failure.Category.SERVER_ERROR;
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

/** Exceptions of the JDK client, OkHttp, Apache HttpClient 5, Netty, reactor-netty and HttpURLConnection, by class name and
 * words. Whether the request can have reached the server is part of the verdict. */
final class ConnectionRules {

    private static final Condition TLS = thrown("""
            SSLHandshakeException, SSLException, SSLPeerUnverifiedException, SSLProtocolException, SSLKeyException,
            CertPathValidatorException, SunCertPathBuilderException, CertificateException, NotSslRecordException
            """);

    static final RuleTable TABLE = RuleTable.relay(
            "connection",
            "Connections: JDK, OkHttp, Apache HttpClient 5, Netty, reactor-netty",
            List.of(
                    "jvm",
                    "jvm_jdk",
                    "jvm_okhttp",
                    "jvm_apache_hc5",
                    "jvm_netty",
                    "jvm_reactor_netty",
                    "jvm_urlconnection"),
            Rule.caller(
                    "interrupted",
                    any(
                            thrown(
                                    "InterruptedException, ClosedByInterruptException, CancellationException, RequestAbortedException"),
                            all(thrown("InterruptedIOException"), text("interrupted|, thread interrupted")))),
            Rule.caller(
                    "cancelled_call",
                    all(
                            fact(Fact.THROWN),
                            status(0),
                            text("canceled|, cancelled|, request aborted, request execution aborted"),
                            not(text("rst stream, stream was reset, stream cancelled, stream canceled")))),
            Rule.caller(
                    "closed_by_us",
                    all(
                            thrown("SocketException"),
                            text("socket closed, socket is closed"),
                            not(thrown("SocketTimeoutException, UncheckedIOException, TimeoutException")),
                            not(text("timeout, timed out")))),
            Rule.connection(
                    "dns",
                    Verdict.of(NETWORK).unsent(),
                    any(
                            thrown(
                                    "UnknownHostException, UnresolvedAddressException, DnsNameResolverException, DnsErrorCauseException"),
                            text("""
                            name or service not known, failed to resolve, no such host, nodename nor servname
                            temporary failure in name resolution
                            """))),
            Rule.connection(
                    "handshake_timeout",
                    Verdict.of(TIMEOUT).unsent(),
                    any(thrown("SslHandshakeTimeoutException"), text("handshake timed out"))),
            Rule.connection(
                    "connect_timeout",
                    Verdict.of(TIMEOUT).unsent(),
                    any(
                            thrown("""
                            HttpConnectTimeoutException, ConnectTimeoutException, ConnectionRequestTimeoutException
                            PoolAcquireTimeoutException
                            """),
                            all(
                                    thrown("SocketTimeoutException"),
                                    text("connect timed out, failed to connect, connect to")),
                            text("""
                            http connect timed out, connection timed out, connect timeout, connect timed out
                            timeout waiting for connection
                            """))),
            // before what a client adds as the cause when its own timeout closes the connection
            Rule.connection("timeout", TIMEOUT, thrown("""
                            HttpTimeoutException, SocketTimeoutException, ReadTimeoutException, WriteTimeoutException
                            TimeoutException, ResponseTimeoutException, ApiCallTimeoutException, ApiCallAttemptTimeoutException
                            """)),
            Rule.connection(
                    "pool_exhausted",
                    Verdict.of(OVERLOADED).unsent(),
                    any(
                            thrown("PoolAcquirePendingLimitException"),
                            text("pending acquire queue has reached, too many concurrent streams"))),
            Rule.connection(
                    "tls_permanent",
                    Verdict.of(NETWORK).elsewhere().unsent(),
                    any(all(TLS, text("""
                            pkix, certification path, certificate, not verified, subject alternative, no name matching
                            unrecognized ssl message, unsupported or unrecognized, not an ssl, unable to parse tls, plaintext
                            handshake failure, protocol version, no appropriate protocol, cipher suites in common
                            """)), thrown("""
                            SSLPeerUnverifiedException, NotSslRecordException, CertPathValidatorException
                            SunCertPathBuilderException, CertPathBuilderException
                            """), text("pkix path, plaintext connection"))),
            Rule.connection("tls_broken_off", Verdict.of(NETWORK).unsent(), thrown("SSLHandshakeException")),
            Rule.connection(
                    "refused",
                    Verdict.of(NETWORK).unsent(),
                    any(
                            thrown("""
                            ConnectException, HttpHostConnectException, NoRouteToHostException, PortUnreachableException
                            AnnotatedConnectException, AnnotatedNoRouteToHostException, BindException
                            """),
                            text(
                                    "connection refused, network is unreachable, no route to host, failed to connect to"))),
            Rule.connection(
                    "stream_not_processed",
                    Verdict.of(NETWORK).unsent(),
                    text("refused stream, stream refused, stream not processed")),
            Rule.connection("enhance_your_calm", OVERLOADED, text("processing capacity exceeded, enhance your calm")),
            Rule.connection(
                    "body_cut",
                    STREAM_INTERRUPTED,
                    any(
                            thrown("TruncatedChunkException, PrematureChannelClosureException"),
                            all(
                                    thrown("ProtocolException"),
                                    text("unexpected end of stream, bytes but received, unexpected end of input")),
                            all(
                                    thrown("UncheckedIOException, IOException"),
                                    text("java io ioexception closed|, closed|"),
                                    not(text("connection, socket, channel, stream closed"))),
                            text("""
                            premature end, prematurely closed during response, fixed content length, chunked transfer encoding
                            premature eof, closing chunk expected, incomplete chunked read, response ended prematurely
                            stream was reset no error, stream was reset cancel, stream was reset internal error
                            """))),
            Rule.connection("going_away", NETWORK, text("goaway")),
            Rule.connection("no_response", NETWORK, any(thrown("NoHttpResponseException"), text("""
                            header parser received no bytes, parsing http, before response, unexpected end of stream on
                            unexpected end of file from server, failed to respond
                            """))),
            Rule.connection(
                    "timeout_words",
                    TIMEOUT,
                    any(
                            all(thrown("InterruptedIOException"), text("timeout, timed out")),
                            text(
                                    "timed out, timeout on blocking read, did not observe any item or terminal signal, operation timeout, timeout|"))),
            Rule.connection(
                    "eof_while_reading",
                    STREAM_INTERRUPTED,
                    any(thrown("EOFException"), text("eof reached while reading, unexpected end of input"))),
            Rule.connection("reset", NETWORK, any(thrown("""
                            ClosedChannelException, ConnectionClosedException, ConnectionShutdownException, StreamResetException
                            NativeIoException, H2StreamResetException, ConnectionResetException
                            """), text("""
                            connection reset, connection was reset, broken pipe, connection aborted, connection closed
                            software caused connection abort, socket closed, socket is closed, connection is closed
                            connection has been closed, closed by peer, reset by peer, socket hang up, rst stream
                            econnreset, stream closed, connection error
                            """))),
            Rule.exception("io", NETWORK, thrown("""
                    IOException, UncheckedIOException, SocketException, EOFException, ResourceAccessException
                    WebClientRequestException, OpenAIIoException, AnthropicIoException, SSLException, SdkClientException
                    APIConnectionError, ApiConnectionException
                    """)),
            Rule.exception(
                    "named_rate_limit",
                    RATE_LIMIT,
                    thrown("RateLimitException, TooManyRequests, ThrottlingException, TooManyRequestsException")),
            Rule.exception("named_auth", AUTH, thrown("AuthenticationException, UnauthorizedException, Unauthorized")),
            Rule.exception(
                    "named_permission",
                    PERMISSION,
                    thrown("PermissionDeniedException, AccessDeniedException, Forbidden")),
            Rule.exception(
                    "named_not_found",
                    NOT_FOUND,
                    thrown("ModelNotFoundException, NotFoundException, ResourceNotFoundException")),
            Rule.exception(
                    "named_content", CONTENT_FILTER, thrown("ContentFilteredException, ContentPolicyViolationError")),
            Rule.exception("named_request", INVALID_REQUEST, thrown("""
                    InvalidRequestException, BadRequestException, UnprocessableEntityException, ValidationException
                    UnsupportedFeatureException
                    """)),
            Rule.exception(
                    "named_server",
                    SERVER_ERROR,
                    thrown("InternalServerException, ServiceUnavailableException, InternalServerError")));

    private ConnectionRules() {}
}
