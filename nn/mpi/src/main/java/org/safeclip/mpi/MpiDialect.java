package org.safeclip.mpi;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * What {@code mpi.h} says differently in the two families of libraries.
 *
 * @param family name of the family
 * @param handle layout of a communicator, data type or info
 * @param world MPI_COMM_WORLD
 * @param bytes MPI_BYTE
 * @param noInfo MPI_INFO_NULL
 * @param sharedMemory MPI_COMM_TYPE_SHARED
 */
record MpiDialect(String family, MemoryLayout handle, Object world, Object bytes, Object noInfo, int sharedMemory) {
    /** The dialect of a library, told by whether it exports the objects behind Open MPI's handles. */
    static MpiDialect of(SymbolLookup library) {
        return library.find("ompi_mpi_comm_world").isPresent() ? openMpi(library) : mpich();
    }

    private static MpiDialect openMpi(SymbolLookup library) {
        MemorySegment world = library.findOrThrow("ompi_mpi_comm_world");
        MemorySegment bytes = library.findOrThrow("ompi_mpi_byte");
        MemorySegment noInfo = library.findOrThrow("ompi_mpi_info_null");
        return new MpiDialect("Open MPI", ValueLayout.ADDRESS, world, bytes, noInfo, 0);
    }

    /** MPICH and what has its binary interface (Intel MPI, MVAPICH, Cray MPICH). */
    private static MpiDialect mpich() {
        return new MpiDialect("MPICH", ValueLayout.JAVA_INT, 0x44000000, 0x4c00010d, 0x1c000000, 1);
    }
}
