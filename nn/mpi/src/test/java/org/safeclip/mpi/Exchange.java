package org.safeclip.mpi;

import java.util.Arrays;
import java.util.zip.CRC32;
import org.safeclip.nn.parallel.Communicator;
import org.safeclip.nn.parallel.Communicators;

/** The program of each process of a test: it uses every function of a communicator and prints what it got as {@code key=value}. */
final class Exchange {
    /** Sizes of sums: fewer numbers than processes, and more than fit in a chunk. */
    static final int[] LENGTHS = {1, 2, 7, 1000, (1 << 20) + 5};

    private Exchange() {}

    public static void main(String[] arguments) throws Exception {
        try (Communicator processes = Communicators.ofThisJob()) {
            int rank = processes.rank();
            int size = processes.size();
            if (arguments.length > 0 && rank == Integer.parseInt(arguments[0])) {
                processes.abort(7);
            }
            StringBuilder said =
                    new StringBuilder("rank=" + rank + " size=" + size + " local=" + processes.localRank());
            for (int length : LENGTHS) {
                float[] numbers = new float[length];
                for (int i = 0; i < length; i++) {
                    numbers[i] = number(rank, i);
                }
                processes.sum(numbers);
                said.append(" sum").append(length).append('=').append(checksum(numbers));
            }
            int[] counts = new int[size];
            Arrays.setAll(counts, r -> 2 * r);
            float[] own = new float[counts[rank]];
            Arrays.fill(own, rank + 0.5f);
            said.append(" gathered=")
                    .append(Arrays.toString(processes.gather(own, counts)).replace(" ", ""));
            double[] first = {rank + 1, Math.PI * (rank + 1)};
            processes.broadcast(first);
            said.append(" broadcast=").append(Arrays.toString(first).replace(" ", ""));
            System.out.println(said.append(" nulls=").append(nulls()));
        }
    }

    /** The JVM finds null references in compiled code by a signal, which the library must leave to it. */
    private static int nulls() {
        String[] texts = new String[100_000];
        Arrays.fill(texts, "text");
        texts[50_000] = null;
        texts[99_999] = null;
        int found = 0;
        for (String text : texts) {
            try {
                length(text);
            } catch (NullPointerException e) {
                found++;
            }
        }
        return found;
    }

    private static int length(String text) {
        return text.length();
    }

    /** A number whose sums depend on the order in which they are added. */
    static float number(int rank, int i) {
        return (float) Math.sin(i + 100.0 * rank) * (1 << (5 * ((rank + i) % 4)));
    }

    static long checksum(float... numbers) {
        CRC32 sum = new CRC32();
        for (float x : numbers) {
            int bits = Float.floatToRawIntBits(x);
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                sum.update(bits >>> shift);
            }
        }
        return sum.getValue();
    }
}
