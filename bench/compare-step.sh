#!/bin/sh
# The training step here and in PyTorch, in turns of one step each: compare-step.sh [tiny|small|base] [THREADS] [ROUNDS]
#
# With one thread, images a second of thread CPU time; with more, by the clock, and then only a quiet machine counts.
#
#   JAVA_HOME   a JDK 25 or newer; without it one is searched for
#   PYTHON      a Python with torch; without it /usr/bin/python3, where Debian's python3-torch lives
set -eu
unset CDPATH

fail() {
    printf 'compare-step.sh: %s\n' "$1" >&2
    exit 2
}

bench=$(cd "$(dirname "$0")" && pwd -P)
model=${1:-small}
threads=${2:-1}
rounds=${3:-11}
python=${PYTHON:-/usr/bin/python3}

case $model in
    tiny | small | base) ;;
    *) fail "there is no model '$model'; expected tiny, small or base" ;;
esac
for number in "$threads" "$rounds"; do
    case $number in
        '' | *[!0-9]* | 0) fail "'$number' is no number of threads or rounds; expected a number from 1" ;;
    esac
done
root=$(dirname "$bench")
. "$root/bin/jdk.sh"
. "$root/bin/build.sh"
. "$bench/libraries.sh"
jdk=$(find_jdk)
[ -n "$jdk" ] || fail 'JDK 25 or newer needed, none found; install one, or set JAVA_HOME to it'
command -v "$python" >/dev/null 2>&1 || fail "no $python; install Python 3, or set PYTHON"
"$python" -c 'import torch' 2>/dev/null || fail "$python has no torch; on Debian install the package python3-torch"
finished_copy bench bench 'tensor nn opencl-kernels safeclip bench'

library_options
# shellcheck disable=SC2046  # the options are a list of words
OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads \
    exec "$jdk/bin/java" -Xlog:disable -Xlog:all=error:stderr -Xmx3g -XX:+UseSerialGC $(array_options) \
    --add-modules jdk.incubator.vector \
    -Dorg.safeclip.threads="$threads" -cp "$copy/*" org.safeclip.bench.PairedStepBenchmark "$model" "$rounds" \
    "$python" "$bench/torch_step.py" "$model" "$threads"
