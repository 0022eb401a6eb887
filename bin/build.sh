# Sourced by the scripts that start Java. They set root (this checkout) and jdk, and define fail, which ends the script.
#
# A program runs from a finished copy of its jars, .built/ARTIFACT/STAMP, whose stamp is a checksum of its sources. A copy is
# never written to again: neither a later build nor `mvn clean` takes a jar from under a running program. One process builds
# at a time in a checkout. The lock is a symbolic link to nowhere that says who holds it (HOST:PID[:PID OF MAVEN]), since
# making one is atomic everywhere; what a killed process leaves is broken.

# shellcheck disable=SC2154  # root and jdk come from the script
built=$root/.built
lock=$built/lock
locked=
maven=
fresh=

# Prints one line on the error output.
say() {
    printf 'safeclip: %s\n' "$1" >&2
}

# A checksum of the sources under $sources, or nothing where one cannot be read.
stamp() {
    sums=$(sums 2>/dev/null) || sums=$(sums) || return 1 # an editor may have renamed one meanwhile
    printf '%s\n' "$sums" | LC_ALL=C sort | cksum | tr ' ' '-'
}

sums() {
    each_source -exec cksum {} +
}

# find among the sources; what editors leave beside them does not count.
each_source() (
    cd "$root" || exit
    # shellcheck disable=SC2086  # a list of folders
    find pom.xml $sources -name target -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -type f \
        ! -name '.*' ! -name '*~' "$@"
)

# ---- one at a time

# Whether process $1 of this machine is alive, of any user; zombies are not.
alive() {
    if kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ] || ps -p "$1" >/dev/null 2>&1; then
        ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
    else
        return 1
    fi
}

# Whether the lock with owner $1 is abandoned. Another machine's processes cannot be seen, and numbers are given again: two
# hours are enough for any build.
abandoned() {
    [ -z "$(find "$lock" -mmin +120 2>/dev/null)" ] || return 0
    [ "${1%%:*}" = "$(uname -n)" ] || return 1
    for pid in $(echo "${1#*:}" | tr : ' '); do
        ! alive "$pid" || return 1
    done
}

# Removes the lock with owner $1. Only one of the processes that saw it abandoned does so, or a second could remove the
# lock that the first has just taken.
break_lock() {
    if mkdir "$lock.break" 2>/dev/null; then
        [ "$(readlink "$lock")" != "$1" ] || rm -f "$lock"
        rmdir "$lock.break"
    elif [ -n "$(find "$lock.break" -mmin +1 2>/dev/null)" ]; then
        rmdir "$lock.break" 2>/dev/null || true
    else
        sleep 1
    fi
}

# Waits for the lock and takes it.
lock_build() {
    me=$(uname -n):$$
    told=
    tries=0
    until ln -s "$me" "$lock" 2>/dev/null; do
        if ! owner=$(readlink "$lock"); then # just given back, or there can be none
            tries=$((tries + 1))
            [ "$tries" -lt 10 ] || fail "cannot make the lock $lock; is the disk full?"
            sleep 1
        elif abandoned "$owner"; then
            break_lock "$owner"
        else
            [ -n "$told" ] || say "another start is building, waiting (process ${owner#*:})"
            told=yes
            sleep 1
        fi
    done
    locked=$me
    trap end_build EXIT
    trap 'stop_build 129' HUP
    trap 'stop_build 130' INT
    trap 'stop_build 141' PIPE
    trap 'stop_build 143' TERM
}

# Gives the lock back; also the end of a script that fails while it builds.
end_build() {
    trap - EXIT HUP INT PIPE TERM
    [ -z "$fresh" ] || rm -rf "$fresh"
    if [ -n "$locked" ]; then
        case $(readlink "$lock" || true) in
            "$locked" | "$locked":*) rm -f "$lock" ;;
        esac
    fi
    locked=
}

stop_build() {
    if [ -n "$maven" ]; then
        kill "$maven" 2>/dev/null || true
        wait "$maven" 2>/dev/null || true
    fi
    exit "$1"
}

# Runs Maven with the other arguments; the lock must be held. Its output goes to file $1 and is shown if it fails.
run_maven() {
    log=$1
    shift
    # shellcheck disable=SC2154
    (cd "$root" && exec env JAVA_HOME="$jdk" mvn -B -ntp "$@") >"$log" 2>&1 &
    maven=$!
    # A lock of a killed script holds as long as its Maven lives.
    ln -sf "$locked:$maven" "$lock.$$" && mv -f "$lock.$$" "$lock"
    if ! wait "$maven"; then
        maven=
        grep -E '^(\[ERROR\]|\[WARNING\])' "$log" >&2 || cat "$log" >&2
        fail 'the build failed; its messages are above'
    fi
    maven=
}

# ---- finished copies

# finished_copy MODULE ARTIFACT SOURCES: sets copy to a folder that holds the jars of the module in folder MODULE and all
# they need, made from what the folders SOURCES hold now.
finished_copy() {
    module=$1
    artifact=$2
    sources=$3
    choose_copy
    [ ! -d "$copy" ] || return 0
    before='has not been built yet'
    ! copies | grep -q . || before='has changed since it was built'
    { mkdir -p "$built/$artifact" && [ -w "$built" ] && [ -w "$built/$artifact" ]; } 2>/dev/null ||
        fail "the program $before, and you may not write to $root; start it once as somebody who may"
    command -v mvn >/dev/null 2>&1 ||
        fail 'Maven (mvn) is needed to build SafeCLIP and is not on the path; install Maven 3.8.7 or newer'
    lock_build
    choose_copy
    builds=0
    while [ ! -d "$copy" ]; do
        builds=$((builds + 1))
        [ "$builds" -le 5 ] || fail 'the sources changed during each of 5 builds; try again when they rest'
        build_copy
        choose_copy
    done
    end_build
}

choose_copy() {
    now=$(stamp) || fail "the sources in $root cannot be read"
    copy=$built/$artifact/$now
}

# The stamps of the copies, newest first.
copies() {
    # shellcheck disable=SC2010,SC2012  # their names are digits and a hyphen
    ls -t "$built/$artifact" 2>/dev/null | grep -E '^[0-9]+-[0-9]+$' || true
}

# Builds, and makes the copy unless a source changed meanwhile.
build_copy() {
    if copies | grep -q .; then
        echo 'Building SafeCLIP (the sources have changed)...' >&2
    else
        echo 'Building SafeCLIP (first run only)...' >&2
    fi
    rm -rf "$built"/new.* "$built"/old.*
    fresh=$built/new.$$
    last=$built/$artifact/last
    mkdir -p "$fresh/jars"
    : >"$fresh/started"
    # Maven compiles what is newer than its class. Where something else tells the sources of today, such as a file that was
    # deleted or came with an old date, it must compile everything.
    if [ -f "$last" ] && [ -z "$(each_source -newer "$last" -print | head -n 1)" ]; then
        # shellcheck disable=SC2086  # a list of folders
        (cd "$root" && find $sources -path '*/target/classes' -prune -exec rm -rf {} +)
    fi
    target=$root/$module/target
    rm -rf "${target:?}/lib" "$target/$artifact"-[0-9]*.jar
    run_maven "$fresh/log" package -Dmaven.test.skip=true -pl "$module" -am
    cp "$target/lib"/*.jar "$fresh/jars"
    for jar in "$target/$artifact"-[0-9]*.jar; do
        case $jar in
            *-sources.jar | *-javadoc.jar | *-tests.jar) ;;
            *) cp "$jar" "$fresh/jars" ;;
        esac
    done
    if [ "$(stamp)" = "$now" ]; then
        mv "$fresh/started" "$last"
        mv "$fresh/jars" "$copy"
        remove_copies
    fi
    rm -rf "$fresh"
    fresh=
}

# Removes the copies that no process runs from; the newest two stay, since a start may just have chosen one.
remove_copies() {
    for old in $(copies | tail -n +3); do
        if ! in_use ".built/$artifact/$old"; then
            mv "$built/$artifact/$old" "$built/old.$$" && rm -rf "$built/old.$$"
        fi
    done
}

# Whether a process of any user names folder $1 on its command line; also true where processes cannot be seen.
in_use() {
    if [ -r /proc/self/cmdline ]; then
        commands=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\000' ' ')
    else
        commands=$(ps -A -ww -o args=) || return 0
    fi
    case $commands in
        *"$1"*) return 0 ;;
        *) return 1 ;;
    esac
}
