#!/bin/sh
# Installs the wheels of one bundle with Airlift, pip and uv, and compares what each made of them.
#   sh Benchmarks/oracles/bundle.sh BUNDLE DIRECTORY TOOLS
# TOOLS holds pip and uv (`pip install --target`); DIRECTORY is made anew. Exit code 1: something differs.
set -eu
bundle=$1
work=$2
tools=$3
here=$(dirname "$0")

# Nobody's configuration, nothing from outside, no compiled modules that others did not ask for.
unset PYTHONPATH VIRTUAL_ENV CONDA_PREFIX PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL
export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
export PYTHONDONTWRITEBYTECODE=1
export UV_NO_CONFIG=1 UV_OFFLINE=1 UV_NO_PROGRESS=1 UV_CACHE_DIR="$work/uv-cache"
umask 022

rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd)
ours=$work/airlift

sh "$bundle" -b -q -p "$ours"
sh "$bundle" extract -q --to "$work/parts"
# Both other environments stand on the base interpreter that the bundle brought.
base=$(echo "$ours"/base/bin/python3.[0-9]*)
[ -x "$base" ] || { echo "airlift: found no base interpreter in '$ours/base/bin'" >&2; exit 1; }
for name in pip uv; do
    "$base" -m venv --without-pip "$work/$name"
done


echo "  $(find "$work/parts/archives/wheels" -name '*.whl' | wc -l) wheels; $("$base" --version)"
set -- "$work"/parts/archives/wheels/*.whl
"$base" -I "$tools/pip" --python "$work/pip/bin/python" install --quiet --no-index --no-deps --no-compile \
    --no-cache-dir "$@"
"$tools/bin/uv" pip install --quiet --python "$work/uv/bin/python" --no-index --no-deps --link-mode copy "$@"

failed=
for name in pip uv; do
    echo "The same files as $name:"
    "$base" -I "$here/compare.py" "$ours" "$work/$name" || failed=yes
done

# What the tools say of each environment, its own path replaced.
say() {
    python=$work/$1/bin/python
    {
        echo "== pip check"
        "$base" -I "$tools/pip" --python "$python" check || echo "exit code $?"
        echo "== pip list"
        "$base" -I "$tools/pip" --python "$python" list --format json
        echo
        echo "== uv pip check"
        "$tools/bin/uv" pip check --python "$python" 2>&1 || echo "exit code $?"
        echo "== uv pip list"
        "$tools/bin/uv" pip list --python "$python" --format json 2>/dev/null
        echo
        echo "== importlib.metadata"
        "$python" -I "$here/describe.py"
    } | sed -e '/^Using Python /d' -e '/^Checked /s| in [0-9.]*m*s$||' >"$work/$1.said"
}
for name in airlift pip uv; do
    say "$name"
done
for name in pip uv; do
    if cmp -s "$work/airlift.said" "$work/$name.said"; then
        echo "pip check, pip list, uv pip check, uv pip list and importlib.metadata say the same as with $name"
    else
        echo "  DIFFERENCE in what the tools say of it and of the environment of $name:"
        diff "$work/airlift.said" "$work/$name.said" | head -n 20 || :
        failed=yes
    fi
done
sed -n -e '/^== pip check/,/^== pip list/{/^==/d;p}' -e '/^== uv pip check/,/^== uv pip list/{/^==/d;p}' \
    "$work/airlift.said" | head -n 10 | sed 's/^/  /'
[ -z "$failed" ]
