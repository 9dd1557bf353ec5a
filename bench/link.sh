#!/usr/bin/env bash
# Runs linkage by Muster and, as SQL, by DuckDB on the same file, one after the other,
# and prints both tables and the ratio. Needs Go and Node.
#
#   bench/link.sh [RECIPE] [FILE.csv | ROWS]      default: synth-loose 1000000
#   FIXED=1: train once and score with that model on both sides: the scores must agree
#   THREADS=2
set -euo pipefail
cd "$(dirname "$0")"
recipe=${1:-synth-loose}
input=${2:-1000000}
threads=${THREADS:-2}
[ -d node_modules ] || npm install --silent --no-fund --no-audit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
muster=${MUSTER:-$work/muster}
[ -x "$muster" ] || (cd .. && go build -o "$work/muster" ./cmd/muster)

if [ -f "$input" ]; then
  file=$input
else
  "$muster" bench link --rows "$input" --generate --dir "$work"
  file=$work/synth-$input-1.csv
fi
common=(--recipe "$recipe" --file "$file" --workers "$threads" --cap=-1)
if [ -n "${FIXED:-}" ]; then
  "$muster" bench link "${common[@]}" --save "$work/model.json" >"$work/training.txt"
  "$muster" bench link "${common[@]}" --model "$work/model.json" --edges "$work/edges.csv" --json "$work/muster.json"
  node link.mjs --recipe "../internal/linkage/recipes/$recipe.json" --file "$file" --threads "$threads" --model "$work/model.json" --edges "$work/edges.csv" --muster "$work/muster.json"
else
  "$muster" bench link "${common[@]}" --json "$work/muster.json"
  node link.mjs --recipe "../internal/linkage/recipes/$recipe.json" --file "$file" --threads "$threads" --muster "$work/muster.json"
fi
