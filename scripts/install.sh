#!/usr/bin/env bash
# Makes .venv and brings it to the locked versions: `install.sh run` for the program, `install.sh test` for the tests too.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-run}
python=${PYTHON:-python3}
venv=.venv
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=${CI:+1}
[ -n "${UV_NO_PROGRESS}" ] || unset UV_NO_PROGRESS

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# The stamp holds what the environment was made of, so that moving the folder or changing a lock remakes it. It is read
# at every start, and so without a Python of its own.
wanted() {
  { printf '%s\n' "$PWD" "$python" "$(stat -L -c '%n %s %Y' "$venv/bin/python" 2>/dev/null)"
    cat "requirements/$1.txt" requirements/tools.txt pyproject.toml scripts/install.sh; } | sha256sum
}
stamped() { [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.lianxin-$1" 2>/dev/null)" = "$(wanted "$1")" ]; }

stamped "$what" && exit 0
# What the tests need holds all that the program needs.
if [ "$what" = run ] && [ -e "$venv/.lianxin-test" ]; then
  stamped test && exit 0
  what=test
fi

command -v "$python" >/dev/null || fail "Python is missing: on Debian run \`apt-get install python3 python3-venv\`."
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' ||
  fail "Lianxin needs Python 3.11, 3.12 or 3.13; $python is $("$python" -c 'import platform; print(platform.python_version())'). Name another one with PYTHON=."

home=$(cat "$venv/.lianxin-home" 2>/dev/null || true)
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c '' 2>/dev/null || { [ -n "$home" ] && [ "$home" != "$PWD" ]; }; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "Python's venv module is missing: on Debian run \`apt-get install python3-venv\`."
  say "Making the Python environment in $venv ..."
  rm -rf "$venv"
  "$python" -m venv "$venv" || { rm -rf "$venv"; fail "The environment could not be made: on Debian run \`apt-get install python3-venv\`."; }
fi
rm -f "$venv/.lianxin-run" "$venv/.lianxin-test"
printf '%s' "$PWD" >"$venv/.lianxin-home"

if [ "$("$venv/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" != "$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/tools.txt)" ]; then
  say "Fetching uv, which installs the rest ..."
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt ||
    fail "uv could not be installed; the reason stands above. Is there a way to the Python package index?"
fi
say "Installing the locked packages for '$what' ..."
# VIRTUAL_ENV may name some other environment that the caller has active.
VIRTUAL_ENV="$PWD/$venv" "$venv/bin/uv" pip sync --quiet --require-hashes "requirements/$what.txt" ||
  fail "The packages could not be installed; the reason stands above. \`make $what\` again goes on where this stopped."
VIRTUAL_ENV="$PWD/$venv" "$venv/bin/uv" pip install --quiet --offline --no-deps -e .
# The program may run as somebody who cannot write here: without bytecode each of its starts would take seconds longer.
"$venv/bin/python" -m compileall -q -j 2 -x '/tests/|/site-packages/(pip|setuptools|pkg_resources)/' "$venv/lib" >/dev/null || true
wanted "$what" >"$venv/.lianxin-$what"
