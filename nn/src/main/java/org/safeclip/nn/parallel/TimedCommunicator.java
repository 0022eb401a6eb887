package org.safeclip.nn.parallel;

/** Measures the time that a process spends in the exchanges of another communicator, waiting for the other processes included. */
public final class TimedCommunicator implements Communicator {
    private final Communicator timed;
    private long nanoseconds;

    /** Measures a communicator from now on. */
    public TimedCommunicator(Communicator timed) {
        this.timed = timed;
    }

    /** Time of all exchanges so far, in seconds. */
    public double seconds() {
        return 1e-9 * nanoseconds;
    }

    @Override
    public int rank() {
        return timed.rank();
    }

    @Override
    public int size() {
        return timed.size();
    }

    @Override
    public int localRank() {
        return timed.localRank();
    }

    @Override
    public void sum(float[] numbers) {
        long start = System.nanoTime();
        timed.sum(numbers);
        nanoseconds += System.nanoTime() - start;
    }

    @Override
    public float[] gather(float[] own, int[] counts) {
        long start = System.nanoTime();
        float[] all = timed.gather(own, counts);
        nanoseconds += System.nanoTime() - start;
        return all;
    }

    @Override
    public void broadcast(double[] numbers) {
        long start = System.nanoTime();
        timed.broadcast(numbers);
        nanoseconds += System.nanoTime() - start;
    }

    @Override
    public void abort(int code) {
        timed.abort(code);
    }

    @Override
    public void close() {
        timed.close();
    }
}
