# Sourced by the scripts that run other libraries: library_options sets what they need to be at their best here.

library_options() {
    # Keeps PyTorch and libtorch from giving large arrays back to the system after every operation, and lets them have large
    # pages, as our arrays do.
    export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456
    export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}"
    # OpenBLAS 0.3.21 takes Intel processors that are newer than itself for some without AVX, a fifth as fast.
    if grep -qs GenuineIntel /proc/cpuinfo && grep -qs avx512vl /proc/cpuinfo; then
        export OPENBLAS_CORETYPE="${OPENBLAS_CORETYPE:-SkylakeX}"
    fi
}
