# Sourced by the scripts that start Java: find_jdk prints the folder of a JDK 25 or newer, or nothing.

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
    for jdk in "${on_path:+$(dirname "$on_path")}"/* /usr/lib/jvm/* "${SDKMAN_CANDIDATES_DIR:-$HOME/.sdkman/candidates}"/java/* \
        "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$mac"; do
        if new_enough "$jdk" && [ "$version" -gt "$best" ]; then
            best=$version
            found=$jdk
        fi
    done
    echo "$found"
}
