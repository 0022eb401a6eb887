/** Processes connected by MPI. No module requires it: it is found as a service. */
module org.safeclip.mpi {
    requires org.safeclip.nn;

    provides org.safeclip.nn.parallel.CommunicatorProvider with
            org.safeclip.mpi.MpiProvider;
}
