package org.safeclip.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.safeclip.nn.parallel.Communicator;

/**
 * The processes that {@code mpirun} started. Numbers travel in chunks through buffers of the C heap, which the library can read
 * while the garbage collector works.
 */
final class MpiCommunicator implements Communicator {
    /** Numbers of a chunk: enough to hide the start of a message, little enough for the cache of a core to hold. */
    private static final int CHUNK = 1 << 20;

    private final MpiLibrary mpi;
    private final int rank;
    private final int size;
    private final int localRank;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment counts;
    private final MemorySegment offsets;
    private final MemorySegment countsReceived;
    private final MemorySegment offsetsReceived;
    private final MemorySegment chunk;
    private final MemorySegment pieces; // one from each process
    private final float[] sums;
    private final float[] more;

    /** Joins the job; every process must, with the same library. */
    MpiCommunicator(MpiLibrary mpi) {
        this.mpi = mpi;
        mpi.init();
        this.rank = mpi.rank();
        this.size = mpi.size();
        this.localRank = mpi.localRank();
        this.counts = arena.allocate(ValueLayout.JAVA_INT, size);
        this.offsets = arena.allocate(ValueLayout.JAVA_INT, size);
        this.countsReceived = arena.allocate(ValueLayout.JAVA_INT, size);
        this.offsetsReceived = arena.allocate(ValueLayout.JAVA_INT, size);
        int piece = Math.ceilDiv(CHUNK, size);
        this.chunk = arena.allocate(ValueLayout.JAVA_FLOAT, CHUNK);
        this.pieces = arena.allocate(ValueLayout.JAVA_FLOAT, (long) piece * size);
        this.sums = new float[piece];
        this.more = new float[piece];
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int localRank() {
        return localRank;
    }

    /**
     * Reduce-scatter and all-gather: each process adds up one piece of a chunk and gives it to all. The library could do it in one
     * call, but in an order of its own.
     */
    @Override
    public void sum(float[] numbers) {
        for (int from = 0; from < numbers.length && size > 1; from += CHUNK) {
            sum(numbers, from, Math.min(CHUNK, numbers.length - from));
        }
    }

    private void sum(float[] numbers, int from, int length) {
        int own = start(length, rank + 1) - start(length, rank);
        for (int r = 0; r < size; r++) {
            put(counts, offsets, r, start(length, r + 1) - start(length, r), start(length, r));
            put(countsReceived, offsetsReceived, r, own, r * own);
        }
        MemorySegment.copy(numbers, from, chunk, ValueLayout.JAVA_FLOAT, 0, length);
        mpi.alltoallv(chunk, counts, offsets, pieces, countsReceived, offsetsReceived);
        MemorySegment.copy(pieces, ValueLayout.JAVA_FLOAT, 0, sums, 0, own);
        for (int r = 1; r < size; r++) {
            MemorySegment.copy(pieces, ValueLayout.JAVA_FLOAT, (long) r * own * Float.BYTES, more, 0, own);
            for (int i = 0; i < own; i++) {
                sums[i] += more[i];
            }
        }
        MemorySegment.copy(sums, 0, pieces, ValueLayout.JAVA_FLOAT, 0, own);
        mpi.allgatherv(pieces, own * Float.BYTES, chunk, counts, offsets);
        MemorySegment.copy(chunk, ValueLayout.JAVA_FLOAT, 0, numbers, from, length);
    }

    /** Where the piece of a process starts in a chunk. */
    private int start(int length, int process) {
        return (int) ((long) length * process / size);
    }

    private static void put(MemorySegment counts, MemorySegment offsets, int r, int count, int offset) {
        counts.setAtIndex(ValueLayout.JAVA_INT, r, count * Float.BYTES);
        offsets.setAtIndex(ValueLayout.JAVA_INT, r, offset * Float.BYTES);
    }

    @Override
    public float[] gather(float[] own, int[] howMany) {
        int whole = 0;
        for (int r = 0; r < size; r++) {
            put(counts, offsets, r, howMany[r], whole);
            whole = Math.addExact(whole, howMany[r]);
        }
        Math.multiplyExact(whole, Float.BYTES); // MPI counts in int
        float[] all = new float[whole];
        try (Arena buffers = Arena.ofConfined()) {
            MemorySegment given = buffers.allocateFrom(ValueLayout.JAVA_FLOAT, own);
            MemorySegment received = buffers.allocate(ValueLayout.JAVA_FLOAT, whole);
            mpi.allgatherv(given, howMany[rank] * Float.BYTES, received, counts, offsets);
            MemorySegment.copy(received, ValueLayout.JAVA_FLOAT, 0, all, 0, whole);
        }
        return all;
    }

    @Override
    public void broadcast(double[] numbers) {
        int bytes = Math.multiplyExact(numbers.length, Double.BYTES);
        try (Arena buffers = Arena.ofConfined()) {
            MemorySegment sent = buffers.allocateFrom(ValueLayout.JAVA_DOUBLE, numbers);
            mpi.bcast(sent, bytes);
            MemorySegment.copy(sent, ValueLayout.JAVA_DOUBLE, 0, numbers, 0, numbers.length);
        }
    }

    @Override
    public void abort(int code) {
        mpi.abort(code);
    }

    @Override
    public void close() {
        mpi.finish();
    }

    @Override
    public String toString() {
        return mpi.family() + ", process " + rank + " of " + size;
    }
}
