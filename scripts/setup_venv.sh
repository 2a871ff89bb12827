#!/bin/sh
# Make .venv with the pinned wheels and this package in it, and mark it ready.
# usage: setup_venv.sh PYTHON
set -eu
cd "$(dirname "$0")/.."
python=$1

fail() {
    echo "setup: $1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    fail "no $python here; name a Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is $("$python" --version 2>&1); 3.11 or newer is needed: make PYTHON=python3.11 ..."

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    # Debian ships ensurepip in a package of its own.
    "$python" -c 'import ensurepip' 2>/dev/null || sh scripts/debian_packages.sh python3-venv
    echo "setup: making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

pip() {
    .venv/bin/python -m pip --disable-pip-version-check "$@"
}

echo "setup: installing the wheels of requirements.txt"
pip install --quiet --requirement requirements.txt
echo "setup: installing callwright from this folder"
pip install --quiet --no-deps --no-build-isolation --editable .
touch .venv/.ready
