package org.safeclip.bench;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BackendProvider;
import org.safeclip.tensor.backend.BackendUnavailable;
import org.safeclip.tensor.backend.Backends;

/**
 * {@code bin/safeclip bench}: prints the speed of each kernel family on each backend of this machine and its share of
 * the roofline, in under two minutes.
 */
public final class Roofline {
    private static final long WARM_UP_NANOS = 400_000_000; // and so many calls,
    private static final int WARM_UP_CALLS = 15;
    private static final long LONGEST_WARM_UP = 1_500_000_000; // unless they take longer than this
    private static final long NANOS = 250_000_000;
    private static final int FEWEST = 3;
    private static final double STEADY = 0.1; // spread of the readings on a machine that does nothing else

    private Roofline() {}

    /** The kernels of the table: one or two of each family. */
    static List<KernelCase> kernels() {
        return List.of(
                KernelCases.linear("attention"),
                KernelCases.linear("mlpUp"),
                KernelCases.linear("mlpDown"),
                KernelCases.matmul("NN", "mlpUp"),
                KernelCases.matmul("TN", "mlpUp"),
                KernelCases.matmul("NN", "square512"),
                KernelCases.nearest(),
                KernelCases.attention("forward", "small"),
                KernelCases.attention("gradient", "small"),
                KernelCases.attention("forward", "captions"),
                KernelCases.elementwise("quick_gelu", "mlpUp"),
                KernelCases.elementwise("gelu", "mlpUp"),
                KernelCases.rows("softmax", "scores65"),
                KernelCases.rows("layerNorm", "tokens"),
                KernelCases.rows("layerNormGradient", "tokens"),
                KernelCases.rows("crossEntropy", "logits"),
                KernelCases.convolution("convolve", "resnetBody"),
                KernelCases.batchNorm("resnetBody"),
                KernelCases.layout("permute"),
                KernelCases.layout("gatherRows"),
                KernelCases.adamW("small"));
    }

    /** Prints the table; arguments select kernels whose name contains one of them. */
    public static void main(String[] words) {
        for (String word : words) {
            if (word.equals("--help") || word.equals("-h")) {
                System.out.println(usage());
                return;
            }
            if (word.startsWith("-")) {
                System.err.println("safeclip: there is no option '" + word + "'; see safeclip bench --help");
                System.exit(2);
            }
        }
        List<KernelCase> chosen = kernels().stream()
                .filter(kernel -> words.length == 0 || List.of(words).stream().anyMatch(kernel.name()::contains))
                .toList();
        if (chosen.isEmpty()) {
            System.err.println("safeclip: no kernel's name contains '" + String.join("' or '", words) + "'; there are "
                    + String.join(", ", kernels().stream().map(KernelCase::name).toList()));
            System.exit(2);
        }
        List<Backend> backends = open();
        int threads = PairedStepBenchmark.threads();
        Ceilings ceilings = Ceilings.measure(threads);
        System.out.printf(
                Locale.ROOT,
                "ceilings   %d thread%s: %.0f GFLOP/s of multiply-adds in registers; copies %s GB/s of 1, 8, 64 MB%n",
                threads,
                threads == 1 ? "" : "s",
                ceilings.gigaflops(),
                copies(ceilings));
        System.out.println("spread     of the readings: half of them differ by less than this");
        System.out.println("share      of what these ceilings allow: 1.00 is a perfect kernel on this processor");
        System.out.printf(Locale.ROOT, "%n%-32s %-8s", "kernel", "unit");
        backends.forEach(backend -> System.out.printf(Locale.ROOT, "%10s spread share", backend.name()));
        System.out.println();
        List<Double> spreads = new ArrayList<>();
        for (KernelCase kernel : chosen) {
            System.out.printf(
                    Locale.ROOT, "%-32s %-8s", kernel.name(), kernel.work().unit());
            for (Backend backend : backends) {
                System.out.print(cell(kernel, backend, ceilings, spreads));
                System.out.flush();
            }
            System.out.println();
        }
        backends.forEach(Backend::close);
        warning(spreads).ifPresent(System.out::println);
    }

    /** What to say of readings with these spreads where most show that something else uses the machine. */
    static Optional<String> warning(List<Double> spreads) {
        long unsteady = spreads.stream().filter(spread -> spread > STEADY).count();
        return 2 * unsteady <= spreads.size()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%nThe readings of %d of %d kernels spread by more than %.0f %%: this machine is busy or its clock"
                                + " changes.%nDo not rely on these figures; repeat the command when nothing else runs.",
                        unsteady,
                        spreads.size(),
                        100 * STEADY));
    }

    private static String usage() {
        return """
                Usage: safeclip bench [-h] [WORD...]
                How fast each kernel is on each backend of this machine, and how near to what the machine
                can do, in under two minutes. With words: the kernels whose name contains one of them.
                  -h, --help   Show this help message and exit.
                SAFECLIP_JAVA_OPTS=-Dorg.safeclip.threads=1 measures with one thread.
                The kernels are""" + kernels().stream().map(kernel -> "\n  " + kernel.name()).collect(joining());
    }

    private static List<Backend> open() {
        List<Backend> open = new ArrayList<>();
        for (BackendProvider provider : Backends.providers()) {
            try {
                Backend backend = provider.open();
                System.out.printf(Locale.ROOT, "%-10s %s%n", provider.name(), backend.describe());
                open.add(backend);
            } catch (BackendUnavailable e) {
                System.out.printf(Locale.ROOT, "%-10s skipped: %s%n", provider.name(), e.getMessage());
            }
        }
        return open;
    }

    private static String copies(Ceilings ceilings) {
        return String.format(
                Locale.ROOT,
                "%.0f, %.0f, %.0f",
                ceilings.gigabytes(1 << 20),
                ceilings.gigabytes(1 << 23),
                ceilings.gigabytes(1 << 26));
    }

    @SuppressWarnings("try") // the scope gives the operands back
    private static String cell(KernelCase kernel, Backend backend, Ceilings ceilings, List<Double> spreads) {
        try (var scope = backend.scope()) {
            double[] readings = readings(kernel.proved(backend).run(), backend);
            double nanos = PairedBenchmark.median(readings);
            double spread = spread(readings);
            spreads.add(spread);
            double rate = kernel.work().rate(nanos);
            return String.format(
                    Locale.ROOT,
                    rate < 10 ? "%10.2f %5.0f%% %5.2f" : "%10.1f %5.0f%% %5.2f",
                    rate,
                    100 * spread,
                    kernel.work().share(nanos, ceilings));
        }
    }

    /** From the first to the third quarter of the readings, as a share of their median. */
    static double spread(double... readings) {
        double[] sorted = readings.clone();
        Arrays.sort(sorted);
        int quarter = (sorted.length - 1) / 4;
        return (sorted[sorted.length - 1 - quarter] - sorted[quarter]) / PairedBenchmark.median(sorted);
    }

    /**
     * Wall-clock times over a quarter of a second after compilation; other threads and devices may do the work.
     */
    private static double[] readings(Runnable kernel, Backend backend) {
        long begin = System.nanoTime();
        for (int calls = 0; cold(calls, System.nanoTime() - begin); calls++) {
            nanosOnce(kernel, backend);
        }
        List<Double> readings = new ArrayList<>();
        for (double measured = 0; readings.size() < FEWEST || measured < NANOS; measured += readings.getLast()) {
            readings.add(nanosOnce(kernel, backend));
        }
        return readings.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static boolean cold(int calls, long nanos) {
        return nanos < LONGEST_WARM_UP && (calls < WARM_UP_CALLS || nanos < WARM_UP_NANOS);
    }

    private static double nanosOnce(Runnable kernel, Backend backend) {
        long start = System.nanoTime();
        kernel.run();
        backend.finish();
        return System.nanoTime() - start;
    }
}
