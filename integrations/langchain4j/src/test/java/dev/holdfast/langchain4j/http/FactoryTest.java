// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.langchain4j.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.http.client.HttpClientBuilderFactory;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How our client becomes that of a whole program, beside the one that LangChain4j's modules bring. */
class FactoryTest {
    private static final String PROPERTY = "langchain4j.http.clientBuilderFactory";

    @TempDir
    Path services;

    @AfterEach
    void asBefore() {
        System.clearProperty(PROPERTY);
        Thread.currentThread().setContextClassLoader(FactoryTest.class.getClassLoader());
    }

    /** What a program does with a file of its own. */
    private void register() throws Exception {
        Path file = services.resolve("META-INF/services/" + HttpClientBuilderFactory.class.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, HoldfastHttpClientBuilderFactory.class.getName());
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {services.toUri().toURL()}, FactoryTest.class.getClassLoader()));
    }

    @Test
    void ourJarAloneLeavesTheClientOfLangChain4jInPlace() {
        assertThat(HttpClientBuilderLoader.loadHttpClientBuilder()).isNotInstanceOf(HoldfastHttpClientBuilder.class);
    }

    @Test
    void twoFactoriesAreRefusedByLangChain4j() throws Exception {
        register();

        assertThatThrownBy(HttpClientBuilderLoader::loadHttpClientBuilder)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("multiple HTTP clients");
    }

    @Test
    void thePropertyDecides() throws Exception {
        register();
        System.setProperty(PROPERTY, HoldfastHttpClientBuilderFactory.class.getName());

        assertThat(HttpClientBuilderLoader.loadHttpClientBuilder()).isInstanceOf(HoldfastHttpClientBuilder.class);
    }
}
