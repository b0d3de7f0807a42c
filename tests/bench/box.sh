#!/bin/sh
# From OK to the first picture over the streaming benchmark's wide swarm: with the focus on the film
# for two seconds, and going on at minute 5 with nothing of it held.
#
#   tests/bench/box.sh BENCH
#
# BENCH is the folder of the benchmark, as for engine.sh, which shares the payload (376 MB, made at
# the first time). Needs root for its network namespace. BENCH_NICE (-5) keeps a busy machine from
# drowning the measure; PROFILE=test measures a development build.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
bench=${1:?usage: box.sh BENCH}
bench=$(CDPATH='' cd -- "$bench" && pwd)
payload=${BENCH_PAYLOAD:-${CARGO_TARGET_DIR:-$here/target}/bench-payload}
[ -e "$payload/mp41M.torrent" ] || "$bench/payload.py" "$payload"
cd "$here"
run="cargo ${PROFILE:-bench} --locked -p matinee --bench swarm_figures"
$run --no-run
# shellcheck disable=SC2016  # the inner shell's words
exec unshare -n nice -n "${BENCH_NICE:--5}" sh -c 'ip link set lo up && exec "$@"' sh \
    $run --offline -- "$bench" "$payload"
