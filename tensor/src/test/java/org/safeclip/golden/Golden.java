package org.safeclip.golden;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.Backends;

/** Golden cases as tests. */
public final class Golden {
    /** The folder to read instead of the copy in the test resources. */
    static final String FOLDER = "org.safeclip.golden";

    /** Cases that nothing here can compute: id to reason. They show as skipped tests. */
    static final Map<String, String> SKIPPED = Map.of(
            "optim/clamp/0", "the largest logit scale of the model is exactly ln 100, that of the release is 4.6052");

    private final List<GoldenCase> cases;

    private Golden(List<GoldenCase> cases) {
        this.cases = cases;
    }

    /** What computes one case and compares. */
    @FunctionalInterface
    public interface Check {
        /** Fails if a value of the case differs. */
        void run(GoldenCase golden) throws Exception;
    }

    /** The same on a backend. */
    @FunctionalInterface
    public interface CheckOn {
        /** Fails if a value of the case differs. */
        void run(GoldenCase golden, Backend backend) throws Exception;
    }

    /**
     * The cases to test.
     *
     * @param which names of operations, such as {@code matmul}, or beginnings of ids, such as {@code ops/}; one that no case
     *     has is a mistake of the test
     */
    public static Golden tests(String... which) {
        for (String each : which) {
            if (all().stream().noneMatch(golden -> golden.is(each))) {
                throw new IllegalArgumentException("no golden case is " + each);
            }
        }
        return new Golden(all().stream()
                .filter(golden -> Stream.of(which).anyMatch(golden::is))
                .toList());
    }

    /** One test for each case, which fails too if the check did not ask for everything that the case says. */
    public Stream<DynamicTest> check(Check check) {
        return check("", check);
    }

    /** The same on each of these backends. */
    public Stream<DynamicTest> check(List<String> backends, CheckOn check) {
        return backends.stream()
                .flatMap(name -> check(" on " + name, golden -> {
                    try (Backend backend = Backends.open(name)) {
                        check.run(golden, backend);
                    }
                }));
    }

    /** The same on a backend that stays open. */
    public Stream<DynamicTest> check(Backend backend, CheckOn check) {
        return check(" on " + backend.name(), golden -> check.run(golden, backend));
    }

    private Stream<DynamicTest> check(String where, Check check) {
        return cases.stream()
                .map(golden -> DynamicTest.dynamicTest(golden.id() + where, () -> {
                    String reason = SKIPPED.get(golden.id());
                    Assumptions.assumeTrue(reason == null, golden.id() + ": " + reason);
                    GoldenCase fresh = golden.fresh();
                    check.run(fresh);
                    fresh.requireComplete();
                }));
    }

    /** Every case there is. */
    static List<GoldenCase> all() {
        return Cases.ALL;
    }

    private static final class Cases {
        static final List<GoldenCase> ALL = read();

        private static List<GoldenCase> read() {
            Object all = GoldenJson.parse(new String(bytes("cases.json"), StandardCharsets.UTF_8));
            List<?> cases = (List<?>) ((Map<?, ?>) all).get("cases");
            return cases.stream().map(each -> GoldenCase.of((Map<?, ?>) each)).toList();
        }
    }

    /** A golden file as a whole. */
    static byte[] bytes(String file) {
        String folder = System.getProperty(FOLDER, "");
        try {
            if (!folder.isEmpty()) {
                return Files.readAllBytes(Path.of(folder, file));
            }
            try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
                if (in == null) {
                    throw new FileNotFoundException("golden/" + file
                            + " is not in the test resources; name its folder with -D" + FOLDER + "=DIR");
                }
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
