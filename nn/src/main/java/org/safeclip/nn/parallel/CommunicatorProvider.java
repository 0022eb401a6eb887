package org.safeclip.nn.parallel;

/** A service that connects the processes of a job; found with {@link java.util.ServiceLoader}. */
public interface CommunicatorProvider {
    /** Name of the means, such as {@code mpi}. */
    String name();

    /** Whether this process was started as one of a job of this kind. */
    boolean launched();

    /**
     * Connects this process with the others of its job; called once in a process.
     *
     * @throws CommunicatorUnavailable with the reason, if it cannot
     */
    Communicator open() throws CommunicatorUnavailable;
}
