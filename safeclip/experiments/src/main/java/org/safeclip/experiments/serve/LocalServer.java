package org.safeclip.experiments.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.safeclip.settings.InvalidInputException;

/**
 * An HTTP server for a browser on this machine. It listens on the loopback address only, answers exact paths and no files, and
 * refuses requests whose host is not this machine, so that no page of another site can ask it.
 */
public final class LocalServer implements AutoCloseable {
    private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String SECURITY =
            "default-src 'none'; img-src data:; style-src 'self' 'unsafe-inline'; script-src"
                    + " 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** Answers the requests for one path. */
    @FunctionalInterface
    public interface Answer {
        /**
         * Answers a request.
         *
         * @param query parameters of the address by name
         */
        Content of(Map<String, String> query) throws IOException;
    }

    /** Sends what it likes for as long as it likes. */
    @FunctionalInterface
    public interface Stream {
        /** Answers a request; the exchange is closed afterwards. */
        void to(HttpExchange exchange) throws IOException;
    }

    /**
     * The body of an answer.
     *
     * @param type media type
     * @param text body
     */
    public record Content(String type, String text) {
        /** A page or a part of one. */
        public static Content html(String text) {
            return new Content("text/html; charset=utf-8", text);
        }

        /** Data. */
        public static Content json(String text) {
            return new Content("application/json", text);
        }
    }

    /**
     * A server that listens, and has no answers yet.
     *
     * @param port its port; 0 for any that is free
     * @throws InvalidInputException if the port is taken
     */
    public LocalServer(int port) throws IOException {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new InvalidInputException(
                    "port " + port + " is taken by another program; choose another one, such as " + (port + 1), e);
        }
        server.setExecutor(workers);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The address for the browser. */
    public String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    /** Answers the requests for a path, such as "/main". */
    public void answer(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** Answers the requests for a path with a stream. */
    public void stream(String path, Stream stream) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (isAllowed(exchange, path)) {
                    stream.to(exchange);
                }
            }
        });
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!isAllowed(exchange, path)) {
                return;
            }
            Answer answer = answers.get(path);
            if (answer == null) {
                send(exchange, 404, new Content("text/plain", "There is no such page here.\n"));
                return;
            }
            try {
                send(exchange, 200, answer.of(query(exchange.getRequestURI().getRawQuery())));
            } catch (InvalidInputException e) {
                send(exchange, 400, new Content("text/plain; charset=utf-8", e.getMessage() + "\n"));
            }
        }
    }

    /** Refuses what is not a reading request from this machine for exactly this path. */
    private static boolean isAllowed(HttpExchange exchange, String path) throws IOException {
        String host =
                String.valueOf(exchange.getRequestHeaders().getFirst("Host")).replaceFirst(":\\d+$", "");
        if (!HOSTS.contains(host)) {
            send(exchange, 421, new Content("text/plain", "This server answers to localhost only.\n"));
            return false;
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            send(exchange, 405, new Content("text/plain", "This server can only be read.\n"));
            return false;
        }
        if (!exchange.getRequestURI().getPath().equals(path)) {
            send(exchange, 404, new Content("text/plain", "There is no such page here.\n"));
            return false;
        }
        return true;
    }

    private static void send(HttpExchange exchange, int status, Content content) throws IOException {
        byte[] body = content.text().getBytes(StandardCharsets.UTF_8);
        headers(exchange, content.type());
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Sets the headers of an answer. */
    static void headers(HttpExchange exchange, String type) {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Content-Security-Policy", SECURITY);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
    }

    /** The parameters of an address. */
    static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                try {
                    query.put(
                            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
                            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw new InvalidInputException("the address has a wrong escape: " + e.getMessage(), e);
                }
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
