package org.safeclip.data;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prepares the next batch on one background thread while the current one is learned; the numbers do not change. */
public final class Prefetch implements Iterator<Batch>, AutoCloseable {

    private final Iterator<int[]> remaining;
    private final Function<int[], Batch> prepare;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("prefetch").daemon().factory());
    private @Nullable Future<Batch> next;

    /** Will give {@code prepare} of each of the index arrays, in order. */
    public Prefetch(List<int[]> batches, Function<int[], Batch> prepare) {
        this.remaining = batches.iterator();
        this.prepare = prepare;
        this.next = start();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Batch next() {
        Future<Batch> current = next;
        if (current == null) {
            throw new NoSuchElementException("no batch is left");
        }
        next = start();
        try {
            return current.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a batch could not be prepared: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    /** Stops the background thread; a batch in preparation is thrown away. */
    @Override
    public void close() {
        worker.shutdownNow();
    }

    private @Nullable Future<Batch> start() {
        if (!remaining.hasNext()) {
            return null;
        }
        int[] indices = remaining.next();
        return worker.submit(() -> prepare.apply(indices));
    }
}
