#!/usr/bin/env bash
# Long runs, for a machine that has nothing else to do. Usage: bench/long.sh [kill|fuzz|differential|soak|start]…
#   kill   200 kills under load from 8 producers; nothing acknowledged is lost or there twice, every start serves within 3 s (about 5 minutes)
#   fuzz   10 minutes of structured noise for the readers of Cedar policies, schemas, entities and policy sets
#   soak   half an hour of intake with five pages open; what the home's memory does (into bench/RESULTS.md)
#   start   start on 10,000,000 events (a quarter of an hour, into bench/RESULTS.md)
#   differential   25,000 cases of 4 policies and 4 requests, answered as the reference Cedar engine does (fetched from npm)
set -euo pipefail
cd "$(dirname "$0")/.."

run_test() {
  dotnet test Arw.Tests -c Release --nologo --logger "console;verbosity=detailed" --filter "FullyQualifiedName~$1"
}

run_bench() {
  dotnet run -c Release --project bench/Arw.Bench -- "$1" --out bench/RESULTS.md
}

[ $# -gt 0 ] || set -- kill
for run in "$@"; do
  echo "── $run"
  case $run in
    kill) ARW_KILLS="${ARW_KILLS:-200}" run_test KillLoadTests ;;
    fuzz) ARW_FUZZ_SECONDS="${ARW_FUZZ_SECONDS:-600}" run_test FuzzTests ;;
    differential) ARW_DIFFERENTIAL="${ARW_DIFFERENTIAL:-25000}" run_test DifferentialTests ;;
    soak) run_bench soak ;;
    start) run_bench start10m ;;
    *) echo "There is no long run \"$run\"; there are: kill, fuzz, differential, soak, start" >&2; exit 2 ;;
  esac
done
