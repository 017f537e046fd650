#!/bin/sh
# Cuts bundles/quickstart, lands it with no network and without the host's Python, and runs it.
#   sh installers/demo.sh AIRLIFT
set -eu
airlift=$1
bundles=bundles/quickstart
output=$bundles/dist
began=$(date +%s)

say() {
    printf '\n%s\n' "== $*"
}

say "The application's own wheel"
/usr/bin/python3 $bundles/app/build-wheel.py
ls -l $output/*.whl

say "Lock, fetch and cut $bundles, with $(/usr/bin/python3 --version) of this machine as base interpreter"
"$airlift" cut $bundles --output $output --replace
# Names hold no blanks; the newest is the one just cut.
bundle=$(ls -t $output/quickstart-*.sh | head -n 1)

landing=$(mktemp -d)
trap 'rm -rf "$landing"' EXIT
prefix=$landing/quickstart
isolated=
if sh installers/isolated.sh true 2>/dev/null; then
    isolated="sh installers/isolated.sh"
    say "Land it in $prefix: no network, the host's Python hidden"
else
    say "Land it in $prefix"
    echo "NOTE: this user may not make namespaces here, so the network and the host's Python stay in sight."
    echo "Run 'make demo' as root to see it land in isolation."
fi
# Unquoted: nothing, or a command of two words.
$isolated sh "$bundle" -b -p "$prefix"

say "Run $prefix/bin/quickstart in the same way"
$isolated "$prefix/bin/quickstart"
$isolated "$prefix/bin/quickstart" --json >"$landing/report.json"
# The proof that nothing was borrowed: the base interpreter lies in the prefix.
if ! grep -q "\"base_prefix\": \"$prefix/" "$landing/report.json"; then
    echo "airlift: the demo ran with a Python from outside its prefix: $(grep base_prefix "$landing/report.json")" >&2
    exit 1
fi

say "Done in $(($(date +%s) - began)) s"
echo "The bundle: $bundle ($(($(wc -c <"$bundle") >> 20)) MiB). The prefix is removed again. Now you:"
echo "  sh $bundle -p \$HOME/quickstart && \$HOME/quickstart/bin/quickstart"
echo "  sh $bundle verify"
echo "  $airlift inspect $bundle"
