#!/bin/sh
# Write requirements.txt from what is installed in .venv: names and versions, nothing else.
set -eu
cd "$(dirname "$0")/.."
comment=$(sed -n '/^#/p' requirements.txt)
pins=$(.venv/bin/python -m pip --disable-pip-version-check list --format=freeze |
    grep -viE '^(pip|setuptools|callwright)==')
printf '%s\n%s\n' "$comment" "$pins" >requirements.txt
echo "pins: wrote requirements.txt"
