#!/bin/sh
# Builds the fuzz targets and runs one after the other: `sh Tests/Fuzz/run.sh SECONDS [TARGET...]`.
# Inputs that are kept, faults that are found and a line for each run lie in .build/fuzz/work.
set -eu

seconds=${1:-60}
[ $# -eq 0 ] || shift
scratch=.build/fuzz
AIRLIFT_FUZZ=1 swift build --configuration release --scratch-path "$scratch" --product Fuzz
fuzz=$PWD/$scratch/release/Fuzz
work=$PWD/$scratch/work
mkdir -p "$work/corpus" "$work/faults"
cd "$work"
"$fuzz" seeds corpus

# Memory that is too much is a fault; an allocation that fails is answered as the reader answers it.
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:allocator_may_return_null=1}
export ASAN_OPTIONS
[ $# -gt 0 ] || set -- $("$fuzz")
failed=
for target; do
    dictionary=
    [ ! -s "corpus/$target.dict" ] || dictionary=-dict=corpus/$target.dict
    if "$fuzz" "$target" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=1024 -max_len=32768 \
        -print_final_stats=1 -artifact_prefix="faults/$target-" $dictionary "corpus/$target" \
        >"$target.log" 2>&1; then
        result=sound
    else
        result=FAULT failed="$failed $target"
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$target.log")
    covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$target.log" | tail -n 1)
    printf '%-16s %12s inputs  %6s places  %s\n' "$target" "${runs:-?}" "${covered:-?}" "$result" | tee -a runs.log
done
[ -z "$failed" ] || {
    echo "faults were found in:$failed; the inputs are in $work/faults, each log beside them" >&2
    exit 1
}
