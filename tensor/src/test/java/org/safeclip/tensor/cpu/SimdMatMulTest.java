package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.Binary;
import org.safeclip.tensor.backend.LinearInput;
import org.safeclip.tensor.backend.MatMulShape;
import org.safeclip.tensor.backend.Storage;
import org.safeclip.tensor.backend.Unary;

class SimdMatMulTest {
    private static final int[] SIZES = {1, 3, 7, 8, 31, 64, 65};

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void productsOfOddSizesAgree(boolean transposeA, boolean transposeB) {
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int k : SIZES) {
                    agree(new MatMulShape(1, m, n, k, transposeA, transposeB));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void sumsLongerThanOnePieceAgree(boolean transposeA, boolean transposeB) {
        agree(new MatMulShape(1, 255, 65, 31, transposeA, transposeB));
        agree(new MatMulShape(1, 65, 255, 513, transposeA, transposeB));
        agree(new MatMulShape(1, 27, 33, 2176, transposeA, transposeB));
        agree(new MatMulShape(1, 2, 255, 1025, transposeA, transposeB));
    }

    @ParameterizedTest
    @CsvSource({"32,27,2048", "33,65,2053", "3,1,4099", "64,40,5000"})
    void gradientsOfWeightsAgree(int m, int n, int k) {
        agree(new MatMulShape(1, m, n, k, true, false));
        agree(new MatMulShape(2, m, n, k, true, false));
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void batchesAgree(boolean transposeA, boolean transposeB) {
        agree(new MatMulShape(7, 5, 17, 9, transposeA, transposeB));
        agree(new MatMulShape(2, 33, 3, 65, transposeA, transposeB));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,7,5", "31,27,32", "255,96,65", "65,300,40"})
    void linearAgrees(int rows, int in, int out) {
        Storage x = random(rows * in, 1);
        Storage w = random(out * in, 2);
        Storage bias = random(out, 3);
        double tolerance = 4e-6 * Math.sqrt(in);
        String what = "linear " + rows + " " + in + " " + out;
        for (Storage b : new Storage[] {bias, null}) {
            LinearInput input = new LinearInput(rows, in, out, x, w, b);
            check(what, tolerance, (k, y) -> k.linear(input, y[0]), rows * out);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,700,1", "1,257,600", "257,1,600", "4,130,70", "5,130,600", "12,97,33", "700,10,300", "700,33,129"})
    void fewRowsOrColumnsAgree(int m, int n, int k) {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                agree(new MatMulShape(1, m, n, k, transposeA, transposeB));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,33,600", "3,7,5", "31,27,32", "255,96,65", "65,300,40", "7,65,300", "40,600,1"})
    void whatFollowsAProductAgrees(int rows, int in, int out) {
        Storage x = random(rows * in, 1);
        Storage w = random(out * in, 2);
        Storage bias = random(out, 3);
        Storage other = random(rows * out, 4);
        double tolerance = 6e-6 * Math.sqrt(in);
        int size = rows * out;
        String what = " " + rows + " " + in + " " + out;
        LinearInput biased = new LinearInput(rows, in, out, x, w, bias);
        LinearInput plain = new LinearInput(rows, in, out, x, w, null);
        check("linearAdd" + what, tolerance, (k, y) -> k.linearAdd(biased, other, y[0]), size);
        for (Unary f : new Unary[] {Unary.RELU, Unary.GELU, Unary.GELU_TANH, Unary.QUICK_GELU}) {
            String of = "linearMap " + f + what;
            check(of, tolerance, (k, y) -> k.linearMap(f, plain, y[0], y[1]), size, size);
        }
        MatMulShape s = new MatMulShape(1, rows, out, in, false, true);
        for (Binary f :
                new Binary[] {Binary.ADD, Binary.RELU_GRADIENT, Binary.GELU_GRADIENT, Binary.QUICK_GELU_GRADIENT}) {
            check("matmulZip " + f + what, tolerance, (k, y) -> k.matmulZip(f, s, x, w, other, y[0]), size);
        }
    }

    private static void agree(MatMulShape s) {
        Storage a = random(s.batch() * s.m() * s.k(), 1);
        Storage b = random(s.batch() * s.k() * s.n(), 2);
        double tolerance = 4e-6 * Math.sqrt(s.k());
        check(s.toString(), tolerance, (k, y) -> k.matmul(s, a, b, y[0]), s.batch() * s.m() * s.n());
    }
}
