package org.safeclip.tensor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.safeclip.tensor.NdArray;
import org.safeclip.tensor.Shape;
import org.safeclip.tensor.backend.AdamStep;
import org.safeclip.tensor.backend.Backend;
import org.safeclip.tensor.backend.BlockCopy;
import org.safeclip.tensor.backend.IntStorage;
import org.safeclip.tensor.backend.Kernels;
import org.safeclip.tensor.backend.MatrixShape;
import org.safeclip.tensor.backend.Scope;

/** Checks of the {@link Kernels} that have no gradient, against a reference backend. */
public enum KernelCheck {
    /** Three AdamW steps: the parameters and both moments. */
    ADAM_W {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray p = random(backend, 1, Shape.of(n));
            NdArray m = NdArray.zeros(backend, Shape.of(n));
            NdArray v = NdArray.zeros(backend, Shape.of(n));
            for (int step = 1; step <= 3; step++) {
                NdArray g = random(backend, 1 + step, Shape.of(n));
                AdamStep constants = new AdamStep(1e-2f, 0.1f, 0.9f, 0.999f, 1e-8f, step);
                backend.kernels().adamW(constants, n, p.storage(), g.storage(), m.storage(), v.storage());
            }
            return List.of(p.toArray(), m.toArray(), v.toArray());
        }
    },
    /** Two AdamW steps of twenty parameters of several sizes, with and without decay, one step behind for some. */
    ADAM_W_OF_MANY {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            List<float[]> results = new ArrayList<>();
            List<NdArray> arrays = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int size = 1 + (i + n) % (n + 1);
                arrays.add(random(backend, i, Shape.of(size)));
                arrays.add(random(backend, 100 + i, Shape.of(size)));
                arrays.add(NdArray.zeros(backend, Shape.of(size)));
                arrays.add(NdArray.zeros(backend, Shape.of(size)));
            }
            for (int step = 1; step <= 2; step++) {
                for (int i = 0; i < 20; i++) {
                    float decay = i % 3 == 0 ? 0 : 0.1f;
                    AdamStep constants = new AdamStep(1e-2f, decay, 0.9f, 0.999f, 1e-8f, i < 9 ? step : step + 1);
                    NdArray p = arrays.get(4 * i);
                    NdArray g = arrays.get(4 * i + 1);
                    NdArray m = arrays.get(4 * i + 2);
                    NdArray v = arrays.get(4 * i + 3);
                    backend.kernels()
                            .adamW(constants, p.shape().size(), p.storage(), g.storage(), m.storage(), v.storage());
                }
            }
            for (NdArray array : arrays) {
                results.add(array.toArray());
            }
            return results;
        }
    },
    /** Sums of the columns of twenty matrices, tall and flat, one of them a sum itself; the first is used early. */
    SUM_COLUMNS_LATER {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            Kernels kernels = backend.kernels();
            List<NdArray> sums = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int rows = i == 7 ? 700 : 1 + i * n / 5;
                NdArray x = random(backend, i, Shape.of(rows, 1 + n % (i + 3)));
                sums.add(NdArray.empty(backend, Shape.of(x.dim(1))));
                kernels.sumColumnsLater(
                        new MatrixShape(rows, x.dim(1)),
                        x.storage(),
                        sums.getLast().storage());
            }
            NdArray early = sums.getFirst().affine(2, 1);
            NdArray again = NdArray.empty(backend, Shape.of(1));
            NdArray last = sums.getLast();
            kernels.sumColumnsLater(new MatrixShape(last.dim(0), 1), last.storage(), again.storage());
            kernels.finishSums();
            sums.add(early);
            sums.add(again);
            return sums.stream().map(NdArray::toArray).toList();
        }
    },
    /** Clamped numbers, NaN included, and a moving average, both in place. */
    IN_PLACE {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray x = random(backend, 1, Shape.of(n));
            NdArray y = random(backend, 2, Shape.of(n));
            y.averageInPlace(0.9f, 0.1f, x);
            backend.kernels().finishSums();
            x.clampInPlace(-0.5f, 0.75f);
            NdArray nan = NdArray.full(backend, Shape.of(n), Float.NaN);
            nan.clampInPlace(0, 1);
            float[] stays = nan.toArray();
            for (int i = 0; i < n; i++) {
                stays[i] = Float.isNaN(stays[i]) ? 1 : 0;
            }
            return List.of(x.toArray(), y.toArray(), stays);
        }
    },
    /** Position of the first maximum of each of 5 rows, ties included. */
    ARGMAX {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray coarse = NdArray.of(backend, Shape.of(5, n), halves(1, 5 * n));
            return List.of(positions(coarse.argmax(), 5));
        }
    },
    /** The nearest of n and of many candidates, and over rows of n numbers, ties included. */
    NEAREST {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray few = NdArray.of(backend, Shape.of(5, 3), halves(1, 5 * 3));
            NdArray rows = NdArray.of(backend, Shape.of(300, n), halves(2, 300 * n));
            return List.of(
                    positions(few.nearest(NdArray.of(backend, Shape.of(n, 3), halves(3, n * 3))), 5),
                    positions(few.nearest(NdArray.of(backend, Shape.of(9 * n, 3), halves(4, 9 * n * 3))), 5),
                    positions(rows.nearest(NdArray.of(backend, Shape.of(37, n), halves(5, 37 * n))), 300));
        }
    },
    /** Maximum over rows, over columns, over outer and inner axes, and over everything. */
    MAX {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray x = random(backend, 1, Shape.of(3, n, 5));
            return each(x, y -> y.max(0), y -> y.max(-1), y -> y.max(0, 2), y -> y.max(1), y -> y.max());
        }
    },
    /** Fill and affine over part of a longer storage: the rest stays unchanged. */
    PART {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray x = random(backend, 1, Shape.of(n + 9));
            NdArray y = random(backend, 2, Shape.of(n + 9));
            backend.kernels().affine(n, 3, -1, x.storage(), y.storage());
            backend.kernels().fill(n, 7, x.storage());
            return List.of(x.toArray(), y.toArray());
        }
    },
    /** A block copied into the middle of another: its surroundings stay unchanged. */
    COPY_BLOCK {
        @Override
        List<float[]> numbers(Backend backend, int n) {
            NdArray x = random(backend, 1, Shape.of(4, n + 2));
            NdArray y = random(backend, 2, Shape.of(5, n + 7));
            backend.kernels().copyBlock(new BlockCopy(3, n, n + 3, n + 2, 3, n + 7), x.storage(), y.storage());
            return List.of(y.toArray());
        }
    };

    abstract List<float[]> numbers(Backend backend, int n);

    /** Runs the kernel over rows of n numbers on both backends and compares the results. */
    public Outcome run(Backend backend, Backend reference, int n) {
        String what = name() + " over " + n + " on " + backend.name() + " with " + reference.name();
        return AgreementCheck.worst(
                what, AgreementCheck.limit(1), inScope(new NanFilledBackend(backend), n), inScope(reference, n));
    }

    private List<float[]> inScope(Backend backend, int n) {
        try (Scope _ = backend.scope()) {
            return numbers(backend, n);
        }
    }

    private static NdArray random(Backend backend, long seed, Shape shape) {
        RandomGenerator random = new SplittableRandom(seed);
        float[] numbers = new float[shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return NdArray.of(backend, shape, numbers);
    }

    /** Numbers on a coarse grid, so that the largest occurs more than once. */
    private static float[] halves(long seed, int n) {
        RandomGenerator random = new SplittableRandom(seed);
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = random.nextInt(-4, 5) / 2f;
        }
        return numbers;
    }

    private static float[] positions(IntStorage ids, int count) {
        int[] found = new int[count];
        ids.read(found, 0, count);
        float[] positions = new float[count];
        for (int r = 0; r < count; r++) {
            positions[r] = found[r];
        }
        return positions;
    }

    @SafeVarargs
    private static List<float[]> each(NdArray x, Function<NdArray, NdArray>... functions) {
        List<float[]> results = new ArrayList<>();
        for (Function<NdArray, NdArray> function : functions) {
            results.add(function.apply(x).toArray());
        }
        return results;
    }
}
