#!/bin/sh
# See to it that the named programs are there: installed when we are root, else named in one line.
# usage: debian_packages.sh PROGRAM...
set -eu

package_of() {
    case $1 in
    sipp) echo sip-tester ;;
    initdb) echo postgresql ;;
    *) echo "$1" ;;
    esac
}

is_there() {
    case $1 in
    initdb) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 ;;
    node-ws) command -v node >/dev/null 2>&1 && [ -e /usr/share/nodejs/ws ] ;;
    python3-venv) python3 -c 'import ensurepip' 2>/dev/null ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

missing=
for program in "$@"; do
    is_there "$program" || missing="$missing $(package_of "$program")"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "packages: missing here; as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

install() {
    # shellcheck disable=SC2086 # the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends $missing
}

echo "packages: installing$missing"
# A machine that was just made has no package lists yet; one that has them need not fetch them.
install >/dev/null 2>&1 || {
    echo "packages: fetching the package lists first"
    apt-get update --quiet=2
    install >/dev/null
}
