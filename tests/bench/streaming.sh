#!/bin/sh
# Measures `matinee stream` with the streaming benchmark, beside other programs in the same run.
#
#   tests/bench/streaming.sh FOLDER [ARGUMENTS OF bench.py]
#
# FOLDER is the benchmark's; PAYLOAD its film (default: FOLDER/../payload, made by payload.py).
# `-p libtorrent,webtorrent` adds programs, `-s start-fast,bulk` chooses scenarios, `-n 3` repeats.
# CACHE (default 64M) is the bound, BINARY (default target/release/matinee) what is measured.
# Needs root (a network namespace of its own), python3 and ffmpeg.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
bench=$(CDPATH='' cd -- "$1" && pwd)
shift
binary=${BINARY:-$here/target/release/matinee}
[ -x "$binary" ] || { echo "$binary is not there: cargo build --release"; exit 1; }
work=$(mktemp -d "$here/target/bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
api='http://127.0.0.1:{port}'
start="$binary stream --local-peers --dht=false --lsd=false --port-mapping=false --upload-limit 0"
start="$start --log warn --listen 127.0.0.1:{port} --cache {dir} --cache-bytes ${CACHE:-64M}"
python3 "$bench/bench.py" --payload "${PAYLOAD:-$bench/../payload}" --work "$work" \
    -o "$work/results.jsonl" "$@" --json '{"name": "matinee", "start": "'"$start"'",
    "ready": "'"$api"'/health", "add": ["POST", "'"$api"'/torrents", "@torrent"], "id": "id",
    "stream": "'"$api"'/stream/{id}/{index}"}'
python3 "$bench/report.py" "$work/results.jsonl"
