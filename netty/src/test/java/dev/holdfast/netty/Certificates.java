// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.netty;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of a server's own, made by the JDK's keytool for the names given. */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** For {@code localhost} and {@code 127.0.0.1}. */
    static final SSLContext LOCAL = context("dns:localhost,ip:127.0.0.1");

    /** For another host than the one that is called, trusted nevertheless. */
    static final SSLContext ELSEWHERE = context("dns:elsewhere.example");

    private Certificates() {}

    private static SSLContext context(String names) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            Path file = Files.createTempDirectory("holdfast-tls").resolve("server.p12");
            try {
                generate(file, names);
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD);
                }
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(file.getParent());
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusting(store));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore trusting(KeyStore keys) throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("server", keys.getCertificate("server"));
        return trust;
    }

    private static void generate(Path file, String names) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + names,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
