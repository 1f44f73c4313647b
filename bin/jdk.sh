# shellcheck shell=bash disable=SC2034
# Finds a JDK that is new enough, without starting one: every JDK says its version in its file "release".

JDK_WANTED=25

# Sets JDK (its folder) and JDK_RUNTIME (its exact version, on which AOT caches depend); returns 1 when there is none.
find_jdk() {
    local folder java
    JDK='' JDK_RUNTIME=''
    if [[ -n ${JAVA_HOME:-} ]] && _is_jdk "$JAVA_HOME"; then
        return 0
    fi
    if java=$(type -P java); then
        java=$(readlink -f "$java")
        folder=${java%/bin/java}
        if _is_jdk "$folder"; then
            return 0
        fi
    fi
    for folder in /usr/lib/jvm/* /usr/lib64/jvm/* "${SDKMAN_DIR:-${HOME:-/root}/.sdkman}"/candidates/java/* \
        "${HOME:-/root}"/.jdks/* /usr/java/* /opt/*jdk* /opt/java/* /usr/local/*jdk*; do
        if _is_jdk "$folder"; then
            return 0
        fi
    done
    return 1
}

_is_jdk() {
    local line version='' runtime='' vendor=''
    [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*) version=${line#*=} ;;
            JAVA_RUNTIME_VERSION=*) runtime=${line#*=} ;;
            IMPLEMENTOR=*) vendor=${line#*=} ;;
        esac
    done <"$1/release"
    version=${version//\"/}
    version=${version%%[.+-]*}
    [[ $version =~ ^[0-9]+$ ]] && ((version >= JDK_WANTED)) || return 1
    JDK=$1
    JDK_RUNTIME=${vendor}-${runtime:-$version}
    JDK_RUNTIME=${JDK_RUNTIME//[^A-Za-z0-9.+-]/}
}

# Finds a JDK, or installs one where that is one apt package and we are root, or says what to do and exits with 3.
need_jdk() {
    find_jdk && return 0
    local package=openjdk-$JDK_WANTED-jdk-headless
    if type -P apt-cache >/dev/null && [[ -n $(apt-cache show "$package" 2>/dev/null) ]]; then
        if ((EUID == 0)); then
            apt_install "$package" && find_jdk && return 0
        fi
        echo "ifaas: no JDK $JDK_WANTED or newer was found. Install one: apt-get install $package" >&2
        exit 3
    fi
    cat >&2 <<END
ifaas: no JDK $JDK_WANTED or newer was found (looked at JAVA_HOME=${JAVA_HOME:-}, java in PATH, /usr/lib/jvm, SDKMAN, /opt).
Install one, for example Eclipse Temurin $JDK_WANTED (package temurin-$JDK_WANTED-jdk of Adoptium's apt repository, or
"sdk install java $JDK_WANTED-tem" with SDKMAN), or unpack any JDK and set JAVA_HOME to its folder.
END
    exit 3
}
