# Sourced by the scripts that start Java: find_jdk prints the folder of a JDK 25 or newer, or nothing; array_options
# prints options of the JVM; speak_utf8 sees to it that Java can name every file.

# Major version of the JDK in folder $1; 0 where there is none that could also compile.
jdk_version() {
    if [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -f "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        echo 0
    fi
}

new_enough() {
    [ -n "$1" ] && version=$(jdk_version "$1") && [ "${version:-0}" -ge 25 ]
}

# Options for arrays of numbers that start at a line of the cache and lie in large pages: otherwise most vectors of 64 bytes
# straddle two lines, and matrix products are 5 to 10 % slower. Large pages only where Linux gives them to who asks.
array_options() {
    printf '%s' '-XX:ObjectAlignmentInBytes=64'
    if grep -Eqs '\[(madvise|always)\]' /sys/kernel/mm/transparent_hugepage/enabled; then
        printf '%s' ' -XX:+UseTransparentHugePages'
    fi
}

# The JDK folder that holds the java found on the path, through symbolic links.
path_jdk() {
    java=$(command -v java) || return 0
    while [ -L "$java" ]; do
        link=$(readlink "$java")
        case $link in
            /*) java=$link ;;
            *) java=$(dirname "$java")/$link ;;
        esac
    done
    (cd "$(dirname "$java")/.." && pwd -P)
}

# JAVA_HOME, else the java on the path, else the newest JDK in the usual folders.
find_jdk() {
    if new_enough "${JAVA_HOME:-}"; then
        echo "$JAVA_HOME"
        return
    fi
    on_path=$(path_jdk)
    if new_enough "$on_path"; then
        echo "$on_path"
        return
    fi
    best=0
    found=
    mac=$(/usr/libexec/java_home -v 25+ 2>/dev/null || true)
    home=${HOME:-/nonexistent}
    for jdk in "${on_path:+$(dirname "$on_path")}"/* /usr/lib/jvm/* "${SDKMAN_CANDIDATES_DIR:-$home/.sdkman/candidates}"/java/* \
        "$home"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$mac"; do
        if new_enough "$jdk" && [ "$version" -gt "$best" ]; then
            best=$version
            found=$jdk
        fi
    done
    echo "$found"
}

# Java knows arguments and names of files in the locale's charset only. Where that is not UTF-8, such as LC_ALL=C or nothing
# set, as in most containers, a locale is taken that has it.
speak_utf8() {
    if ! command -v locale >/dev/null 2>&1; then
        export LC_ALL=C.UTF-8 # a small system, whose C library knows this one
        return
    fi
    case $(locale charmap 2>/dev/null) in
        UTF-8 | utf-8 | UTF8 | utf8) return ;;
    esac
    there=$(locale -a 2>/dev/null | grep -i 'utf-*8$' || true)
    for wanted in '^C\.' '^en_US\.' '.'; do
        utf8=$(printf '%s\n' "$there" | grep "$wanted" | head -n 1)
        if [ -n "$utf8" ]; then
            export LC_ALL="$utf8"
            return
        fi
    done
}
