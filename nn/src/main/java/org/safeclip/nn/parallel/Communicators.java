package org.safeclip.nn.parallel;

import java.util.ServiceLoader;

/** Finds the job that this process belongs to. */
public final class Communicators {
    private Communicators() {}

    /**
     * The job that this process was started in; {@link Communicator#alone} where it was started on its own.
     *
     * @throws CommunicatorUnavailable if it was started as one of several processes and cannot reach the others
     */
    public static Communicator ofThisJob() throws CommunicatorUnavailable {
        for (CommunicatorProvider provider : ServiceLoader.load(CommunicatorProvider.class)) {
            if (provider.launched()) {
                return provider.open();
            }
        }
        return Communicator.alone();
    }
}
