package org.safeclip.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Prepares the next items on background threads while the current one is used. Each thread prepares one item, so no more than their
 * number are in memory; their order and content do not depend on it.
 */
public final class Prefetch<I, O> implements Iterator<O>, AutoCloseable {
    private static final int MOST_THREADS = 24;

    private final Iterator<I> remaining;
    private final Function<I, O> prepare;
    private final int threads;
    private final ExecutorService workers;
    private final Queue<Future<O>> next = new ArrayDeque<>();

    /**
     * Will give {@code prepare} of each of the items, in order.
     *
     * @param threads number of threads, and of items prepared ahead
     */
    public Prefetch(Iterable<I> items, int threads, Function<I, O> prepare) {
        this.remaining = items.iterator();
        this.prepare = prepare;
        this.threads = threads;
        this.workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("prefetch-", 0).daemon().factory());
        fill();
    }

    /**
     * A quarter of the processors, at least one, where the others train; nearly all of them for a device of its own, which waits for
     * its batches otherwise: a step of a small model takes it two milliseconds, the views of a batch take a processor twenty.
     *
     * @param trainedHere whether the processors train, too
     * @param batchBytes memory of a batch: those prepared ahead take an eighth of the heap at most
     */
    public static int threads(boolean trainedHere, long batchBytes) {
        int processors = Runtime.getRuntime().availableProcessors();
        int few = Math.clamp(processors / 4, 1, 8);
        if (trainedHere) {
            return few;
        }
        long fit = Runtime.getRuntime().maxMemory() / 8 / Math.max(1, batchBytes);
        return (int) Math.max(few, Math.min(Math.min(processors - 1, MOST_THREADS), fit));
    }

    @Override
    public boolean hasNext() {
        return !next.isEmpty();
    }

    @Override
    public O next() {
        Future<O> current = next.poll();
        if (current == null) {
            throw new NoSuchElementException("no batch is left");
        }
        fill();
        try {
            return current.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) { // such as an image file that has changed
                throw failed;
            }
            throw new IllegalStateException("a batch could not be prepared: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    /** Stops the background threads; batches in preparation are thrown away. */
    @Override
    public void close() {
        workers.shutdownNow();
    }

    private void fill() {
        while (next.size() < threads && remaining.hasNext()) {
            I item = remaining.next();
            next.add(workers.submit(() -> prepare.apply(item)));
        }
    }
}
