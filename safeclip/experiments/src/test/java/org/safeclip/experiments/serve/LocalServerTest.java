package org.safeclip.experiments.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.settings.InvalidInputException;

class LocalServerTest {
    private LocalServer server;

    @BeforeEach
    void open() throws IOException {
        server = new LocalServer(0);
        server.answer("/main", query -> LocalServer.Content.html("<p>" + query.get("q") + "</p>"));
        server.answer("/bad", query -> {
            throw new InvalidInputException("not so");
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /main?q=a%20b HTTP/1.1, localhost, 200, <p>a b</p>",
        "GET /main HTTP/1.1, 127.0.0.1:80, 200, <p>null</p>",
        "GET /main HTTP/1.1, attacker.example, 421, localhost only",
        "GET /main HTTP/1.1, localhost.attacker.example, 421, localhost only",
        "POST /main HTTP/1.1, localhost, 405, only be read",
        "GET /main/../../etc/passwd HTTP/1.1, localhost, 404, no such page",
        "GET /other HTTP/1.1, localhost, 404, no such page",
        "GET /bad HTTP/1.1, localhost, 400, not so",
        "GET /main?q=%zz HTTP/1.1, localhost, 400, ''"
    })
    void onlyThisMachineMayReadExactPaths(String request, String host, int status, String body) throws IOException {
        String answer = ask(request + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status).contains(body);
        if (status == 200) {
            assertThat(answer)
                    .contains("Content-security-policy: default-src 'none'", "X-content-type-options: nosniff");
        }
    }

    @Test
    void itListensOnTheLoopbackAddressOnly() {
        assertThat(URI.create(server.address()).getHost()).isEqualTo("localhost");
        int port = URI.create(server.address()).getPort();
        assertThatThrownBy(() -> new LocalServer(port))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("port " + port + " is taken");
    }

    @Test
    void parametersAreDecoded() {
        assertThat(LocalServer.query("q=red+fruit&image=3&empty=&nothing"))
                .isEqualTo(Map.of("q", "red fruit", "image", "3", "empty", ""));
        assertThat(LocalServer.query(null)).isEmpty();
    }

    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(server.address()).getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
