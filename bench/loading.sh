#!/bin/sh
# How fast JPEG files of 224 x 224 pixels become a batch, here and in Pillow and libvips, in turns: loading.sh [ROUNDS]
#
#   PYTHON   a Python with numpy and Pillow; without it /usr/bin/python3, where Debian's python3-pil and python3-numpy live. libvips is
#            that of Debian's libvips42.
set -eu
unset CDPATH

bench=$(cd "$(dirname "$0")" && pwd -P)
python=${PYTHON:-/usr/bin/python3}
files=$(mktemp -d "${TMPDIR:-/tmp}/loading.XXXXXX")
trap 'rm -rf "$files"' EXIT
for peer in pillow vips; do
    if echo | "$python" "$bench/load_images.py" "$peer" "$files" >/dev/null 2>&1; then
        SAFECLIP_JAVA_OPTS="${SAFECLIP_JAVA_OPTS:-} -Dorg.safeclip.threads=1" "$bench/java.sh" org.safeclip.bench.LoadingBenchmark \
            "$files" "${1:-15}" "$peer" "$python" "$bench/load_images.py" "$peer"
    else
        echo "loading.sh: $python has no numpy, no Pillow, or finds no libvips; $peer is skipped" >&2
    fi
done
