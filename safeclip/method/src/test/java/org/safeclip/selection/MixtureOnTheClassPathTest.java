package org.safeclip.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.safeclip.ChildJvm;

/** On the class path, in a JVM of its own: the mixture with and without the vector module, on one thread and on several. */
final class MixtureOnTheClassPathTest {
    private static final String WITH_VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String NARROW = WITH_VECTORS + " -XX:MaxVectorSize=16";

    @Test
    void sumsAndFitAreTheSameWithAndWithoutVectors() throws Exception {
        double[] plain = numbers(run("-ea"), "small: ");
        double[] vectors = numbers(run(WITH_VECTORS), "small: ");
        assertThat(plain).hasSize(2 * 7 + 6).hasSameSizeAs(vectors);
        for (int i = 0; i < plain.length; i++) {
            assertThat(plain[i]).as("number %d", i).isCloseTo(vectors[i], within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ea", WITH_VECTORS, NARROW})
    void severalThreadsGiveTheBitsOfOne(String options) throws Exception {
        double[] one = numbers(run(options + " -Dorg.safeclip.threads=1"), "large: ");
        double[] several = numbers(run(options + " -Dorg.safeclip.threads=3"), "large: ");
        assertThat(one).hasSize(2 * 7 + 6).containsExactly(several);
    }

    private static List<String> run(String options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(options.split(" ", -1)));
        String classes = ChildJvm.library() + File.pathSeparator + Path.of("target", "test-classes");
        arguments.addAll(List.of("-cp", classes, Program.class.getName()));
        return ChildJvm.run(arguments);
    }

    private static double[] numbers(List<String> lines, String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .toArray();
    }

    /** What the child JVM runs. */
    static final class Program {
        private Program() {}

        static void main() {
            fit("small: ", values(1001));
            fit("large: ", values(1 << 19)); // worth several parts
        }

        private static double[] values(int n) {
            SplittableRandom random = new SplittableRandom(n);
            double[] x = new double[n];
            for (int i = 0; i < n; i++) {
                x[i] = random.nextGaussian(random.nextBoolean() ? .1 : .4, .1);
            }
            return x;
        }

        private static void fit(String start, double[] x) {
            MixtureEStep eStep = new MixtureEStep();
            eStep.cut(x, .25);
            print(start, sums(eStep));
            eStep.set(new double[] {.4, .6}, new double[] {.1, .3}, new double[] {.05, .02});
            eStep.pass(x);
            print(start, sums(eStep));
            GaussianMixture fit = GaussianMixture.fit(x, 1e-3, 100);
            print(start, fit.weights());
            print(start, fit.means());
            print(start, fit.variances());
        }

        private static void print(String start, double[] numbers) {
            Arrays.stream(numbers).forEach(number -> System.out.println(start + number));
        }

        private static double[] sums(MixtureEStep n) {
            return new double[] {
                n.logLikelihood(), n.count(0), n.offsets(0), n.squares(0), n.count(1), n.offsets(1), n.squares(1)
            };
        }
    }
}
