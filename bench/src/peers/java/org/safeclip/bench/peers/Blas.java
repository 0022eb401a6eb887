package org.safeclip.bench.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.safeclip.tensor.backend.MatMulShape;

/** The matrix product of a BLAS library, called by its Fortran name {@code sgemm_}, which every one of them has. */
@SuppressWarnings("restricted") // foreign calls are what this class is for
final class Blas {
    private static final long ALIGNMENT = 64; // what the library's own users are advised to give it

    private final String name;
    private final MethodHandle sgemm;

    private Blas(String name, SymbolLookup library) {
        this.name = name;
        MemorySegment address = library.find("sgemm_")
                .orElseThrow(() -> new IllegalArgumentException(name + " has no sgemm_; is it a BLAS library?"));
        FunctionDescriptor thirteenPointers = FunctionDescriptor.ofVoid(
                ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
                ADDRESS, ADDRESS);
        this.sgemm = Linker.nativeLinker().downcallHandle(address, thirteenPointers);
    }

    /** The library in that file, or of that name on the system's library path. */
    static Blas open(String name, String library, Arena arena) {
        SymbolLookup symbols = library.startsWith("/")
                ? SymbolLookup.libraryLookup(Path.of(library), arena)
                : SymbolLookup.libraryLookup(library, arena);
        return new Blas(name, symbols);
    }

    String name() {
        return name;
    }

    /** A product ready to run, its operands copied out of the heap to where the library likes them. */
    Product product(MatMulShape shape, float[] a, float[] b, Arena arena) {
        return new Product(this, shape, a, b, arena);
    }

    /** One product and its arguments. BLAS counts columns first, so it is asked for yᵀ = op(b)ᵀ·op(a)ᵀ. */
    static final class Product {
        private final MethodHandle sgemm;
        private final MemorySegment[] arguments;
        private final MemorySegment y;

        private Product(Blas blas, MatMulShape s, float[] a, float[] b, Arena arena) {
            this.sgemm = blas.sgemm;
            this.y = arena.allocate((long) s.m() * s.n() * Float.BYTES, ALIGNMENT);
            MemorySegment one = arena.allocateFrom(JAVA_FLOAT, 1);
            MemorySegment zero = arena.allocateFrom(JAVA_FLOAT, 0);
            this.arguments = new MemorySegment[] {
                transposed(s.transposeB(), arena),
                transposed(s.transposeA(), arena),
                arena.allocateFrom(JAVA_INT, s.n()),
                arena.allocateFrom(JAVA_INT, s.m()),
                arena.allocateFrom(JAVA_INT, s.k()),
                one,
                copy(b, arena),
                arena.allocateFrom(JAVA_INT, s.transposeB() ? s.k() : s.n()),
                copy(a, arena),
                arena.allocateFrom(JAVA_INT, s.transposeA() ? s.m() : s.k()),
                zero,
                y,
                arena.allocateFrom(JAVA_INT, s.n())
            };
        }

        private static MemorySegment transposed(boolean yes, Arena arena) {
            return arena.allocateFrom(yes ? "T" : "N");
        }

        private static MemorySegment copy(float[] numbers, Arena arena) {
            MemorySegment room = arena.allocate((long) numbers.length * Float.BYTES, ALIGNMENT);
            MemorySegment.copy(numbers, 0, room, JAVA_FLOAT, 0, numbers.length);
            return room;
        }

        void run() {
            MemorySegment[] g = arguments;
            try {
                sgemm.invokeExact(
                        g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8], g[9], g[10], g[11], g[12]);
            } catch (Throwable e) {
                throw new IllegalStateException("sgemm_ failed", e);
            }
        }

        float[] answer() {
            return y.toArray(JAVA_FLOAT);
        }
    }
}
