#!/bin/sh
# A program of the benchmarks with the JDK that bin/safeclip would take, built first where sources have changed:
#
#   java.sh org.openjdk.jmh.Main RowsBench -p kernel=softmax     JMH
#   java.sh org.safeclip.bench.ladder.Ladder                      the ladder
#
#   SAFECLIP_JAVA_OPTS   further options for the JVM, such as -Dorg.safeclip.threads=1
set -eu
unset CDPATH

fail() {
    printf 'java.sh: %s\n' "$1" >&2
    exit 2
}

root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/bin/jdk.sh"
. "$root/bin/build.sh"
[ $# -gt 0 ] || fail 'which program? see the first lines of this script'
jdk=$(find_jdk)
[ -n "$jdk" ] || fail 'JDK 25 or newer needed, none found; install one, or set JAVA_HOME to it'
finished_copy bench bench 'tensor nn opencl-kernels safeclip bench'
# shellcheck disable=SC2046,SC2086  # the options are a list of words
exec "$jdk/bin/java" -Xmx3g -XX:+UseSerialGC $(array_options) --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED ${SAFECLIP_JAVA_OPTS:-} -cp "$copy/*" "$@"
