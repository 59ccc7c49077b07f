// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * TLS by the JDK: its trust store unless a context is given, the certificate must be for the host, and the server chooses
 * between HTTP/2 and HTTP/1.1. The context is made when the first https address is called. Thread-safe.
 */
final class Tls {
    /** Names the handler in its pipeline. */
    static final String HANDLER = "tls";

    /** For how long the farewell may keep a connection open that is to be closed. */
    private static final long FAREWELL_MILLIS = 500;

    private final @Nullable SSLContext given;
    private volatile @Nullable JdkSslContext context;

    Tls(@Nullable SSLContext given) {
        this.given = given;
    }

    /** @throws NoSuchAlgorithmException if the JDK's default context cannot be made, for example from a broken trust store */
    SslHandler newHandler(ByteBufAllocator allocator, Origin origin) throws NoSuchAlgorithmException {
        SSLEngine engine = context().newEngine(allocator, origin.host(), origin.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        SNIHostName name = serverName(origin.host());
        if (name != null) {
            parameters.setServerNames(List.of(name));
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(0); // the connect timeout covers it
        handler.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS);
        return handler;
    }

    private JdkSslContext context() throws NoSuchAlgorithmException {
        JdkSslContext made = context;
        if (made == null) {
            made = newContext(given != null ? given : SSLContext.getDefault());
            context = made;
        }
        return made;
    }

    private static JdkSslContext newContext(SSLContext jdk) {
        ApplicationProtocolConfig protocols = new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1);
        return new JdkSslContext(
                jdk, true, null, IdentityCipherSuiteFilter.INSTANCE, protocols, ClientAuth.NONE, null, false);
    }

    /** The name as TLS sends it; null for an address, which it does not send. */
    private static @Nullable SNIHostName serverName(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return null;
        }
        try {
            return new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        } catch (IllegalArgumentException notSendable) {
            return null;
        }
    }
}
