package org.safeclip.nn.parallel;

/**
 * The processes of a job, of which this is one. Every method but {@link #abort} and the questions is collective: all processes
 * call it, in the same order, with arrays of the same length, and each waits for the others.
 */
public interface Communicator extends AutoCloseable {
    /** A process on its own. */
    static Communicator alone() {
        return new Alone();
    }

    /** Number of this process, from 0. */
    int rank();

    /** Number of processes. */
    int size();

    /** Number of this process among those on the same machine, from 0. */
    int localRank();

    /** Whether this is the process that writes files and speaks to the user. */
    default boolean isFirst() {
        return rank() == 0;
    }

    /** Replaces numbers by their sums over all processes, each added up in the order of the ranks. */
    void sum(float[] numbers);

    /**
     * The numbers of all processes, one after the other in the order of the ranks.
     *
     * @param own what this process gives, {@code counts[rank]} numbers
     * @param counts how many numbers each process gives
     */
    float[] gather(float[] own, int[] counts);

    /** Replaces numbers by those of the first process. */
    void broadcast(double[] numbers);

    /** Ends all processes at once with an exit code, as after an error that the others cannot know of; does not return. */
    void abort(int code);

    /** Leaves the job. */
    @Override
    void close();
}
