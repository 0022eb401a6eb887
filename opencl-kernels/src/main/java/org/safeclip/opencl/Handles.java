package org.safeclip.opencl;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts live driver handles, which the garbage collector does not release. */
final class Handles {
    private final AtomicInteger live = new AtomicInteger();

    /** Counts a handle just made. */
    <T> T made(T handle) {
        live.incrementAndGet();
        return handle;
    }

    /** Counts a handle just released. */
    void released() {
        live.decrementAndGet();
    }

    /** Handles not released yet. */
    int live() {
        return live.get();
    }
}
