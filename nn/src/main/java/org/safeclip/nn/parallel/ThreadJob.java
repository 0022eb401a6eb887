package org.safeclip.nn.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A job whose processes are threads of this one: to test what is written for several processes. */
public final class ThreadJob {
    private final CyclicBarrier barrier;
    private final Object[] given;

    private ThreadJob(int size) {
        this.barrier = new CyclicBarrier(size);
        this.given = new Object[size];
    }

    /** The work of one process. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does the work of the process that a communicator stands for. */
        T of(Communicator processes) throws Exception;
    }

    /**
     * Runs the work in {@code size} threads.
     *
     * @return what each returned, in the order of the ranks
     * @throws ExecutionException with what the first of them threw
     */
    public static <T> List<T> run(int size, Work<T> work) throws InterruptedException, ExecutionException {
        ThreadJob job = new ThreadJob(size);
        try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
            List<Callable<T>> each = IntStream.range(0, size)
                    .<Callable<T>>mapToObj(rank -> () -> job.work(rank, work))
                    .toList();
            List<Future<T>> done = threads.invokeAll(each);
            List<T> results = new ArrayList<>();
            for (Future<T> one : done) {
                if (one.state() == Future.State.FAILED && !(one.exceptionNow() instanceof BrokenJobException)) {
                    throw new ExecutionException(one.exceptionNow());
                }
            }
            for (Future<T> one : done) {
                results.add(one.get());
            }
            return results;
        }
    }

    private <T> T work(int rank, Work<T> work) throws Exception {
        boolean done = false;
        try {
            T result = work.of(new Member(rank));
            done = true;
            return result;
        } finally {
            if (!done) {
                breakBarrier();
            }
        }
    }

    /** Releases all waiting threads and those that arrive later: an interrupted barrier stays broken, a reset one does not. */
    private void breakBarrier() {
        Thread.currentThread().interrupt();
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            Thread.interrupted(); // of no use to anyone: the thread ends with what it threw
        }
    }

    /** Another thread of the job has failed. */
    private static final class BrokenJobException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        BrokenJobException(Throwable cause) {
            super("another thread of the job has failed", cause);
        }
    }

    private final class Member implements Communicator {
        private final int rank;

        Member(int rank) {
            this.rank = rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int size() {
            return given.length;
        }

        @Override
        public int localRank() {
            return rank;
        }

        @Override
        public void sum(float[] numbers) {
            float[] sums = exchange(numbers, () -> {
                float[] all = ((float[]) given[0]).clone();
                for (int r = 1; r < given.length; r++) {
                    float[] more = (float[]) given[r];
                    for (int i = 0; i < all.length; i++) {
                        all[i] += more[i];
                    }
                }
                return all;
            });
            System.arraycopy(sums, 0, numbers, 0, numbers.length);
        }

        @Override
        public float[] gather(float[] own, int[] counts) {
            return exchange(own, () -> {
                float[] all = new float[IntStream.of(counts).sum()];
                int at = 0;
                for (int r = 0; r < counts.length; r++) {
                    System.arraycopy(given[r], 0, all, at, counts[r]);
                    at += counts[r];
                }
                return all;
            });
        }

        @Override
        public void broadcast(double[] numbers) {
            double[] first = exchange(numbers, () -> ((double[]) given[0]).clone());
            System.arraycopy(first, 0, numbers, 0, numbers.length);
        }

        /** Lets every thread read what all of them give before any of them continues. */
        private <T> T exchange(Object own, Supplier<T> read) {
            given[rank] = own;
            await();
            T result = read.get();
            await();
            return result;
        }

        private void await() {
            try {
                barrier.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BrokenJobException(e);
            } catch (BrokenBarrierException e) {
                throw new BrokenJobException(e);
            }
        }

        @Override
        public void abort(int code) {
            throw new IllegalStateException("rank " + rank + " ends the job with code " + code);
        }

        @Override
        public void close() {
            // nothing to release
        }
    }
}
