#!/bin/sh
# The same work here and in well-known libraries, in turns: peers.sh [gemm] [rows] [step] [em] [opencl]; no argument: all.
# opencl: matrix products on an OpenCL device against OpenBLAS, and the training step there against our own processor backend.
#
# After a line with the FMA calibration, one line a case: FAMILY/case  ours  peer  ratio (above 1: we are faster).
# What is missing is installed first: Debian's packages with apt-get, DJL with libtorch by Maven.
#
#   JAVA_HOME   a JDK 25 or newer; without it one is searched for
#   PYTHON      a Python with torch and sklearn; without it /usr/bin/python3, where Debian's packages live
set -eu
unset CDPATH

fail() {
    printf 'peers.sh: %s\n' "$1" >&2
    exit 2
}

bench=$(cd "$(dirname "$0")" && pwd -P)
root=$(dirname "$bench")
python=${PYTHON:-/usr/bin/python3}
[ $# -gt 0 ] || set -- gemm rows step em opencl
for family in "$@"; do
    case $family in
        gemm | rows | step | em | opencl) ;;
        *) fail "there is no family '$family'; expected gemm, rows, step, em or opencl" ;;
    esac
done
[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || fail 'the libraries to compare with are those of Linux on x86-64'

# ---- what is needed

packages=
need() {
    packages="$packages $1"
}
wanted() {
    for family in $families; do
        [ "$family" = "$1" ] && return 0
    done
    return 1
}
families="$*"
command -v mvn >/dev/null 2>&1 || need maven
if wanted opencl && ! ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1; then
    need pocl-opencl-icd
    need ocl-icd-libopencl1
fi
if { wanted gemm || wanted opencl; } && ! ldconfig -p | grep -q 'libopenblas\.so\.0'; then
    need libopenblas0-pthread
fi
if wanted step && ! "$python" -c 'import torch' 2>/dev/null; then
    need python3-torch
fi
if wanted em && ! "$python" -c 'import sklearn' 2>/dev/null; then
    need python3-sklearn
fi
. "$root/bin/jdk.sh"
. "$root/bin/build.sh"
. "$bench/libraries.sh"
jdk=$(find_jdk)
[ -n "$jdk" ] || fail 'JDK 25 or newer needed, none found; install one, or set JAVA_HOME to it'
if [ -n "$packages" ]; then
    echo "Installing$packages..." >&2
    # shellcheck disable=SC2086  # a list of words
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends $packages; } >/dev/null 2>&1 ||
        fail "cannot install them (root and a network are needed); run: apt-get install$packages"
fi

# ---- build

target=$bench/target/peers
marker=$target/.built
if [ ! -f "$marker" ] || [ -n "$(find "$root/pom.xml" "$root"/tensor "$root"/nn "$root"/opencl-kernels "$root"/safeclip \
    "$bench" -name target -prune -o \( -path '*/src/main/*' -o -path '*/src/peers/*' -o -name pom.xml \) -type f \
    -newer "$marker" -print | head -n 1)" ]; then
    mkdir -p "$built"
    lock_build
    echo 'Building, with DJL and libtorch...' >&2
    fresh=$built/new.$$
    mkdir -p "$fresh"
    : >"$fresh/started"
    run_maven "$fresh/log" -Ppeers package -Dmaven.test.skip=true -pl bench -am
    mv "$fresh/started" "$marker" # what was edited while Maven ran counts as newer than this build
    end_build
fi
jar=$(find "$target" -maxdepth 1 -name 'bench-*.jar' | head -n 1)
[ -n "$jar" ] || fail "no jar in $target; delete that folder and try again"

# ---- run

library_options
peers() {
    threads=$1
    shift
    POCL_MAX_PTHREAD_COUNT=$threads OMP_NUM_THREADS=$threads MKL_NUM_THREADS=$threads \
        OPENBLAS_NUM_THREADS=$threads OPT_OUT_TRACKING=true \
        "$jdk/bin/java" -Xlog:disable -Xlog:all=error:stderr -Xmx3g -XX:+UseSerialGC $(array_options) \
        --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Dorg.safeclip.threads="$threads" \
        -Dslf4j.internal.verbosity=ERROR -cp "$jar:$target/lib/*" org.safeclip.bench.peers.Peers \
        "$bench" "$python" "$target/djl" "$@"
}

ours=
for family in "$@"; do
    [ "$family" = step ] || ours="$ours $family" # opencl with one thread: matrix products
done
# shellcheck disable=SC2086  # a list of words
if [ -n "$ours" ]; then
    peers 1 $ours
fi
if wanted step; then
    peers 1 step
    peers 2 step
fi
if wanted opencl; then
    peers 2 opencl # the training step
fi
