#!/bin/sh
# An OpenCL device measured, and compared with PyTorch where that finds the same card: gpu.sh [OPTION...] [PART...]
#
#   steps, steps:MODEL  training steps of tiny, small, base, vitb32, rn50: time, launches, uploads and waits of each
#   products            matrix products
#   memory              elementwise kernels, rows, layouts, norms, AdamW
#   attention           attention and its gradient
#   profile [MODEL]     time on the device of a step, kernel by kernel
#   checks              every check of a backend: gradients, agreement with the scalar backend, same bits
#   ladder              the matrix product in rungs, from naive to shipped
#   demo [ARGUMENT...]  the demo on the device; last, with the arguments of safeclip demo
#
# Without a part: steps, products, memory, attention. One line a case: ours, PyTorch's, and the ratio (above 1: ours is faster).
#
#   --quick       small sizes, for a processor's OpenCL driver such as PoCL; no PyTorch
#   --seconds S   time spent on each case, default 0.5; steps take twice that
#
#   SAFECLIP_JARS  a folder with all jars of the project: nothing is built, and any Java 25 runtime will do
#   JAVA_HOME      a JDK 25 or newer (with SAFECLIP_JARS a runtime); without it one is searched for
#   JAVA_OPTS      further options of Java, such as -Dorg.safeclip.opencl.family=gpu
#   PYTHON         a Python with PyTorch for CUDA, default python3
set -eu
unset CDPATH

fail() {
    printf 'gpu.sh: %s\n' "$1" >&2
    exit 2
}

bench=$(cd "$(dirname "$0")" && pwd -P)
if [ -n "${SAFECLIP_JARS:-}" ]; then
    copy=$SAFECLIP_JARS
    java=${JAVA_HOME:+$JAVA_HOME/bin/}java
    command -v "$java" >/dev/null 2>&1 || fail "no $java; set JAVA_HOME to a Java 25 runtime"
else
    root=$(dirname "$bench")
    . "$root/bin/jdk.sh"
    . "$root/bin/build.sh"
    jdk=$(find_jdk)
    [ -n "$jdk" ] || fail 'JDK 25 or newer needed, none found; install one, or set JAVA_HOME to it'
    java=$jdk/bin/java
    finished_copy bench bench 'tensor nn opencl-kernels safeclip bench'
fi

start() {
    # shellcheck disable=SC2086  # the options are a list of words
    "$java" -Xlog:disable -Xlog:all=error:stderr -XX:+UseParallelGC --add-modules jdk.incubator.vector \
        --enable-native-access=ALL-UNNAMED -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 ${JAVA_OPTS:-} -cp "$copy/*" "$@"
}

options=
seconds=0.5
while [ $# -gt 0 ]; do
    case $1 in
        --quick) options=--quick ;;
        --seconds)
            [ $# -gt 1 ] || fail '--seconds needs a number'
            seconds=$2
            shift
            ;;
        -h | --help)
            sed -n 's/^# \{0,1\}//p' "$0" | head -n 24
            exit 0
            ;;
        -*) fail "there is no option '$1'; see gpu.sh --help" ;;
        *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- steps products memory attention

peer="${PYTHON:-python3} $bench/torch_gpu.py"
families=
figures() {
    [ -n "$families" ] || return 0
    # shellcheck disable=SC2086  # lists of words
    start org.safeclip.bench.gpu.GpuBenchmark $options --seconds "$seconds" --peer "$peer" $families
    families=
}
while [ $# -gt 0 ]; do
    part=$1
    shift
    case $part in
        steps | steps:* | products | memory | attention) families="$families $part" ;;
        profile)
            figures
            model=base
            case ${1:-} in
                tiny | small | base | vitb32 | rn50)
                    model=$1
                    shift
                    ;;
            esac
            # shellcheck disable=SC2086  # a list of words
            JAVA_OPTS="${JAVA_OPTS:-} -Dorg.safeclip.opencl.profile=true" \
                start org.safeclip.bench.gpu.GpuBenchmark $options --seconds 0 "steps:$model"
            ;;
        checks)
            figures
            start org.safeclip.bench.gpu.DeviceChecks
            ;;
        ladder)
            figures
            # shellcheck disable=SC2086  # a list of words
            start org.safeclip.opencl.DeviceLadder $options
            ;;
        demo)
            figures
            if [ -z "${SAFECLIP_JARS:-}" ]; then
                exec env SAFECLIP_JAVA_OPTS="${JAVA_OPTS:-}" "$root/bin/safeclip" demo --backend opencl "$@"
            fi
            start org.safeclip.experiments.cli.Main demo --backend opencl "$@"
            exit
            ;;
        *) fail "there is no part '$part'; see gpu.sh --help" ;;
    esac
done
figures
