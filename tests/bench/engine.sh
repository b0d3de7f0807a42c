#!/bin/sh
# The engine beside other programs that turn a torrent into a stream: the same swarms, one run.
#
#   tests/bench/engine.sh BENCH [SCENARIOS] [RUNS] [PROGRAMS]
#
# BENCH is the folder of the benchmark (its README says what each scenario is and where it looks
# for other programs); scenarios as there, `quick` if none are named; three runs; programs with
# commas between them, such as webtorrent,libtorrent. The payload is made at the first time
# (376 MB, two minutes, ffmpeg). Needs root for its network namespace. Prints the tables. ENGINE in
# the environment is measured instead of a build of `matinee stream`, and CACHE (64M) is its bound.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
bench=${1:?usage: engine.sh BENCH [SCENARIOS] [RUNS] [PROGRAMS]}
scenarios=${2:-quick}
runs=${3:-3}
others=${4:-}

out=${CARGO_TARGET_DIR:-$here/target}
payload=${BENCH_PAYLOAD:-$out/bench-payload}
[ -e "$payload/film.mkv" ] || "$bench/payload.py" "$payload"
if [ -z "${ENGINE:-}" ]; then
    (cd "$here" && cargo build --release --locked)
    # Its swarm is on loopback, where there is nobody else to ask; the disk may be a full one.
    ENGINE="$out/release/matinee stream --local-peers --reserve-bytes 1G --log warn"
    ENGINE="$ENGINE --dht=false --lsd=false --port-mapping=false"
fi
results=$out/bench-$(date +%Y%m%d-%H%M%S).jsonl

ours='{
  "name": "matinee",
  "start": "'$ENGINE' --listen 127.0.0.1:{port} --cache {dir} --cache-bytes '${CACHE:-64M}'",
  "ready": "http://127.0.0.1:{port}/health",
  "add": ["POST", "http://127.0.0.1:{port}/torrents", "@torrent"],
  "id": "id",
  "stream": "http://127.0.0.1:{port}/stream/{id}/{index}"
}'
# shellcheck disable=SC2086  # nothing, or two words
"$bench/bench.py" --payload "$payload" -s "$scenarios" -n "$runs" -o "$results" \
    --json "$ours" ${others:+-p "$others"}
"$bench/report.py" "$results"
