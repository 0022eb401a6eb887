package org.safeclip.tensor.cpu;

import static org.safeclip.tensor.cpu.SimdAgainstScalar.check;
import static org.safeclip.tensor.cpu.SimdAgainstScalar.random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.safeclip.tensor.backend.AttentionShape;
import org.safeclip.tensor.backend.Storage;

class SimdAttentionTest {
    @ParameterizedTest
    @CsvSource({
        "1,1,1,1",
        "2,3,2,7",
        "3,12,4,24",
        "2,17,4,32",
        "1,31,3,8",
        "1,64,2,33",
        "2,65,1,64",
        "1,130,1,5",
        "1,197,2,40",
        "1,256,1,16"
    })
    void attentionAndItsGradientAgree(int batch, int tokens, int heads, int headWidth) {
        for (boolean causal : new boolean[] {false, true}) {
            AttentionShape s = new AttentionShape(batch, tokens, heads, headWidth, causal);
            int size = batch * tokens * s.width();
            Storage qkv = random(3 * size, 1);
            Storage dy = random(size, 2);
            check(
                    s.toString(),
                    1e-5,
                    (k, y) -> {
                        k.attention(s, qkv, y[0], y[1]);
                        k.attentionGradient(s, qkv, y[0], y[1], dy, y[2]);
                    },
                    size,
                    batch * heads * tokens,
                    3 * size);
        }
    }
}
