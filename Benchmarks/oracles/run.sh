#!/bin/sh
# Installs the example bundles with Airlift, pip and uv, and compares; then reads every wheel on its own.
#   sh Benchmarks/oracles/run.sh AIRLIFT
# $BUNDLES: spec directories to take instead of the examples. $WHEELS: a directory of further wheels to read.
# Exit code 1: something differs that docs/oracles.md does not allow.
set -eu
airlift=$1
here=Benchmarks/oracles
work=.build/oracles
tools=$work/tools
python=/usr/bin/python3

# Once, from the index that pip is configured for; everything after it is offline.
if ! cmp -s $here/tools.txt $tools/asked-for; then
    rm -rf $tools
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target $tools -r $here/tools.txt
    cp $here/tools.txt $tools/asked-for
fi
echo "Against pip $("$python" -I $tools/pip --version | cut -d ' ' -f 2) and $($tools/bin/uv --version)"

"$python" bundles/quickstart/app/build-wheel.py >/dev/null
rm -rf $work/bundles
failed=
for spec in ${BUNDLES:-bundles/quickstart bundles/web bundles/data-science $here/odd}; do
    name=$(basename "$spec")
    echo
    echo "== $name"
    "$airlift" cut --quiet --calver 2026.01.01 --output $work/bundles "$spec"
    sh $here/bundle.sh $work/bundles/"$name"-*.sh $work/"$name" $tools || failed="$failed $name"
    # The prefixes take gigabytes; the wheels are needed once more.
    rm -rf $work/"$name"/airlift $work/"$name"/pip $work/"$name"/uv $work/"$name"/uv-cache
done

echo
echo "== Every wheel, read, verified and planned on its own"
list=$work/wheels.list
find $work/*/parts/archives/wheels ${WHEELS:+"$WHEELS"} -name '*.whl' | sort -u >$list
xargs -d '\n' "$airlift" wheel check --json <$list >$work/wheels.json || failed="$failed wheels"
"$python" - $work/wheels.json <<'END'
import json, sys
read, refused, files, size = set(), [], 0, 0
for line in open(sys.argv[1]):
    document = json.loads(line)
    for wheel in document["wheels"]:
        if wheel["filename"] not in read:
            files, size = files + wheel["files"], size + wheel["bytes"]
        read.add(wheel["filename"])
    refused += document["refused"]
print(f"  {len(read)} wheels of {files} files and {size // 1_000_000} MB read, {len(refused)} refused")
for wheel in refused:
    print(f"  REFUSED {wheel['file']}: {' '.join(wheel['messages'])}")
END

echo
echo "== The locks, read by conda-lock's own parser"
if [ ! -d $work/conda-lock/conda_lock ]; then
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
        --target $work/conda-lock 'conda-lock==4.*'
fi
for spec in ${BUNDLES:-bundles/quickstart bundles/web bundles/data-science $here/odd}; do
    PYTHONPATH=$work/conda-lock "$python" - "$spec/conda-lock.yml" <<'END' || failed="$failed lock:$spec"
import pathlib, sys
from conda_lock.lockfile import parse_conda_lock_file
lock = parse_conda_lock_file(pathlib.Path(sys.argv[1]))
print(f"  {sys.argv[1]}: {len(lock.package)} packages")
END
done

echo
echo "== Versions and match specs, as rattler and conda read them"
if [ ! -d $work/rattler/rattler ]; then
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
        --target $work/rattler 'py-rattler==0.28.*' msgpack zstandard
fi
PYTHONPATH=$PWD/$work/rattler:$PWD/$work/conda-lock AIRLIFT_ORACLE_PYTHON=$python \
    swift test --filter CondaTests.MatchSpecOracleTests || failed="$failed match-specs"

echo
echo "== Conda environments and foreign locks, as rattler installs and reads them"
if [ ! -x $work/rattler-env/bin/python ]; then
    "$python" -m venv $work/rattler-env
    $work/rattler-env/bin/python -m pip install --quiet --disable-pip-version-check 'py-rattler==0.28.*'
fi
AIRLIFT_RATTLER_PYTHON=$PWD/$work/rattler-env/bin/python \
    swift test --skip-build --filter 'CondaOracleTests|RattlerOracleTests' || failed="$failed rattler"

echo
echo "== Bills of materials, by the validators of CycloneDX and SPDX"
if ! cmp -s $here/sbom-tools.txt $work/sbom-env/asked-for; then
    rm -rf $work/sbom-env
    "$python" -m venv $work/sbom-env
    $work/sbom-env/bin/python -m pip install --quiet --disable-pip-version-check -r $here/sbom-tools.txt
    cp $here/sbom-tools.txt $work/sbom-env/asked-for
fi
$work/sbom-env/bin/python $here/sbom.py $work/bundles/*.sh || failed="$failed sbom"
AIRLIFT_SBOM_PYTHON=$PWD/$work/sbom-env/bin/python \
    swift test --skip-build --filter 'SbomTests|SBOMOracleTests' || failed="$failed sbom-tests"

echo
if [ -n "$failed" ]; then
    echo "Something differs:$failed"
    exit 1
fi
echo "All agree."
