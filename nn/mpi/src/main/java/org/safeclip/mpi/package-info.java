/**
 * MPI (the Message Passing Interface, version 3) called from Java: ten functions of its C library, no native code of our own.
 *
 * <p>MPI fixes what functions do, not the types behind its handles: in Open MPI a communicator is a pointer, in MPICH an integer.
 * {@link org.safeclip.mpi.MpiDialect} knows the difference, {@link org.safeclip.mpi.MpiLibrary} the functions, and {@link
 * org.safeclip.mpi.MpiCommunicator} what is made of them. MPI's own reaction to errors stays: it says what is wrong and ends all
 * processes of the job.
 */
@NullMarked
package org.safeclip.mpi;

import org.jspecify.annotations.NullMarked;
