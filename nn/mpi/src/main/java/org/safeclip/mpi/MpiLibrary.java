package org.safeclip.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** The functions of an MPI library, on the communicator of all processes and in bytes. */
final class MpiLibrary {
    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

    /** MPI_THREAD_FUNNELED: only the thread that initialises it calls MPI. */
    private static final int FUNNELED = 1;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final MpiDialect dialect;
    private final MethodHandle allgatherv;
    private final MethodHandle alltoallv;
    private final MethodHandle bcast;

    /**
     * Keeps UCX, which carries the messages of some libraries, from catching the signals by which the JVM finds null references: it
     * would end the process. Called before the library is loaded, for it reads the variable then; a user's own value stays.
     */
    @SuppressWarnings("restricted") // the module is granted native access
    static void leaveSignalsToTheJvm() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup().find("setenv").ifPresent(address -> {
            MethodHandle setenv =
                    linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER, POINTER, INT));
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = arena.allocateFrom("UCX_ERROR_SIGNALS");
                MemorySegment none = arena.allocateFrom("");
                call(() -> (int) setenv.invokeExact(name, none, 0));
            }
        });
    }

    /** The functions of a library, which must stay loaded: it cannot be initialised twice. */
    MpiLibrary(SymbolLookup library) {
        this.library = library;
        this.dialect = MpiDialect.of(library);
        MemoryLayout handle = dialect.handle();
        MethodHandle gather =
                function("MPI_Allgatherv", POINTER, INT, handle, POINTER, POINTER, POINTER, handle, handle);
        this.allgatherv = bind(gather, 7, dialect.world(), 6, dialect.bytes(), 2, dialect.bytes());
        MethodHandle exchange =
                function("MPI_Alltoallv", POINTER, POINTER, POINTER, handle, POINTER, POINTER, POINTER, handle, handle);
        this.alltoallv = bind(exchange, 8, dialect.world(), 7, dialect.bytes(), 3, dialect.bytes());
        MethodHandle send = function("MPI_Bcast", POINTER, INT, handle, INT, handle);
        this.bcast = bind(send, 4, dialect.world(), 3, 0, 2, dialect.bytes());
    }

    @SuppressWarnings("restricted") // the module is granted native access
    private MethodHandle function(String name, MemoryLayout... arguments) {
        return linker.downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** Fixes arguments: places, the last first, and their values. */
    private static MethodHandle bind(MethodHandle function, Object... placesAndValues) {
        MethodHandle bound = function;
        for (int i = 0; i < placesAndValues.length; i += 2) {
            bound = MethodHandles.insertArguments(bound, (int) placesAndValues[i], placesAndValues[i + 1]);
        }
        return bound;
    }

    /** Family of the library. */
    String family() {
        return dialect.family();
    }

    /** Connects with the other processes. */
    void init() {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle init = function("MPI_Init_thread", POINTER, POINTER, INT, POINTER);
            call(() -> (int) init.invokeExact(
                    MemorySegment.NULL, MemorySegment.NULL, FUNNELED, arena.allocate(ValueLayout.JAVA_INT)));
        }
    }

    /** Number of this process. */
    int rank() {
        return ask("MPI_Comm_rank", dialect.world());
    }

    /** Number of processes. */
    int size() {
        return ask("MPI_Comm_size", dialect.world());
    }

    /** Number of this process among those that share its machine's memory; collective. */
    int localRank() {
        MemoryLayout handle = dialect.handle();
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle split = bind(
                    function("MPI_Comm_split_type", handle, INT, INT, handle, POINTER),
                    3,
                    dialect.noInfo(),
                    2,
                    0,
                    1,
                    dialect.sharedMemory(),
                    0,
                    dialect.world());
            MemorySegment machine = arena.allocate(handle);
            call(() -> (int) split.invokeExact(machine));
            Object found = handle.byteSize() == Integer.BYTES
                    ? machine.get(ValueLayout.JAVA_INT, 0)
                    : machine.get(ValueLayout.ADDRESS, 0);
            return ask("MPI_Comm_rank", found);
        }
    }

    private int ask(String function, Object communicator) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle question = bind(function(function, dialect.handle(), POINTER), 0, communicator);
            MemorySegment answer = arena.allocate(ValueLayout.JAVA_INT);
            call(() -> (int) question.invokeExact(answer));
            return answer.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Gives {@code bytes} bytes to all and receives those of each process r at {@code offsets[r]}. */
    void allgatherv(MemorySegment own, int bytes, MemorySegment all, MemorySegment counts, MemorySegment offsets) {
        call(() -> (int) allgatherv.invokeExact(own, bytes, all, counts, offsets));
    }

    /** Gives each process r the bytes from {@code offsets[r]} on and receives those of each for this one. */
    void alltoallv(
            MemorySegment given,
            MemorySegment counts,
            MemorySegment offsets,
            MemorySegment received,
            MemorySegment countsReceived,
            MemorySegment offsetsReceived) {
        call(() -> (int) alltoallv.invokeExact(given, counts, offsets, received, countsReceived, offsetsReceived));
    }

    /** Replaces bytes by those of the first process. */
    void bcast(MemorySegment numbers, int bytes) {
        call(() -> (int) bcast.invokeExact(numbers, bytes));
    }

    /** Ends all processes. */
    void abort(int code) {
        MethodHandle abort = bind(function("MPI_Abort", dialect.handle(), INT), 0, dialect.world());
        call(() -> (int) abort.invokeExact(code));
    }

    /** Leaves the job; collective. */
    void finish() {
        MethodHandle finish = function("MPI_Finalize");
        call(() -> (int) finish.invokeExact());
    }

    @FunctionalInterface
    private interface Call {
        int run() throws Throwable;
    }

    /** Makes a call and throws if it returns an error; by default MPI aborts the job before that. */
    private static void call(Call call) {
        int code;
        try {
            code = call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of MPI failed", e);
        }
        if (code != 0) {
            throw new IllegalStateException("MPI returned error " + code);
        }
    }
}
