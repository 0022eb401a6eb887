#!/bin/sh
# The training step here and in PyTorch, one thread each, in turns: compare-step.sh [ROUNDS]
#
#   JAVA_HOME   a JDK 25 or newer; without it the java on the path
#   PYTHON      a Python with torch; without it /usr/bin/python3, where Debian's python3-torch lives
set -eu

fail() {
    printf 'compare-step.sh: %s\n' "$1" >&2
    exit 2
}

bench=$(cd "$(dirname "$0")" && pwd -P)
rounds=${1:-3}
python=${PYTHON:-/usr/bin/python3}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

case $rounds in
    '' | *[!0-9]* | 0) fail "ROUNDS is '$rounds'; expected a number from 1" ;;
esac
command -v "$java" >/dev/null 2>&1 || fail 'no java; install a JDK 25 or newer, or set JAVA_HOME to it'
command -v "$python" >/dev/null 2>&1 || fail "no $python; install Python 3, or set PYTHON"
"$python" -c 'import torch' 2>/dev/null || fail "$python has no torch; on Debian install the package python3-torch"
jar=$(find "$bench/target" -maxdepth 1 -name 'bench-*.jar' 2>/dev/null | head -n 1)
[ -n "$jar" ] || fail 'not built; run: mvn package -DskipTests -pl bench -am'

ours() {
    "$java" -Xmx3g -XX:+UseSerialGC --add-modules jdk.incubator.vector -Dorg.safeclip.threads=1 \
        -cp "$jar:$bench/target/lib/*" org.safeclip.bench.StepRate simd 2>/dev/null
}

# The malloc settings keep PyTorch from giving large arrays back to the system after every step.
theirs() {
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
        MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456 \
        "$python" "$bench/torch_step.py"
}

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
trap 'exit 130' INT TERM
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    a=$(ours) || fail 'the Java step failed; run StepRate alone to see why'
    printf '%s\n' "$a"
    b=$(theirs) || fail 'the PyTorch step failed; its message is above'
    printf '%s\n' "$b"
    printf '%s\n%s\n' "$a" "$b" | awk '{ rate[NR] = $2 } END { print rate[1], rate[2], rate[1] / rate[2] }' >>"$lines"
done

median() {
    cut -d ' ' -f "$1" "$lines" | sort -n |
        awk '{ x[NR] = $1 } END { print (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'
}
printf 'medians of %s rounds: %.1f and %.1f images/s; median ratio %.2f\n' \
    "$rounds" "$(median 1)" "$(median 2)" "$(median 3)"
