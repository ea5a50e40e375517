#!/usr/bin/env bash
# Long runs, for a machine that has nothing else to do. Usage: bench/long.sh [kill]
#   kill   200 kills under load from 8 producers; nothing acknowledged is lost or there twice, every start serves within 3 s (about 15 minutes)
set -euo pipefail
cd "$(dirname "$0")/.."

run_test() {
  dotnet test Arw.Tests -c Release --nologo --logger "console;verbosity=detailed" --filter "FullyQualifiedName~$1"
}

[ $# -gt 0 ] || set -- kill
for run in "$@"; do
  echo "── $run"
  case $run in
    kill) ARW_KILLS="${ARW_KILLS:-200}" run_test KillLoadTests ;;
    *) echo "There is no long run \"$run\"; there is: kill" >&2; exit 2 ;;
  esac
done
