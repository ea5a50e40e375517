#!/usr/bin/env bash
# Records a journal with the program as it is now: run it once for every migration, before the release that has it, and commit the file.
#   Arw.Tests/Journal/Recorded/record.sh MIGRATION_ID [path of Arw.Web.dll]
# A home with its demo runs, takes events from outside (small and large), has a payload erased, and stops.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
migration="$1"
program="${2:-$here/../../bin/Debug/net10.0/Arw.Web.dll}"
folder="$(mktemp -d)"
trap 'kill "$home" 2>/dev/null || true; rm -rf "$folder"' EXIT
token=recording-a-journal-for-tests
export ARW_STATE_DIR="$folder/home" ARW_PORT=0 ARW_OTLP_HTTP_PORT=0 ARW_OTLP_GRPC_PORT=0 ARW_ADMIN_TOKEN="$token" ARW_ANCHOR=none
dotnet "$program" > "$folder/out" &
home=$!
until url="$(grep -oE 'http://[^ /]+' "$folder/out" | head -1)" && [ -n "$url" ]; do sleep 0.2; done
ask() { curl -sSf -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$url$1" -d "$2" > /dev/null; }
ask /actions '{"kind":"project.create","input":{"id":"recorded","title":"Recorded"}}'
for n in $(seq 1 40); do
  ask /events "[{\"kind\":\"ext.recorded.tick\",\"payload\":{\"n\":$n},\"project\":\"recorded\",\"corr_id\":\"recorded-$((n % 5))\"},{\"kind\":\"ext.recorded.tock\",\"payload\":{\"n\":$n}}]"
done
printf '[{"kind":"ext.recorded.large","payload":{"text":"%s"},"project":"recorded"}]' "$(head -c 40000 /dev/zero | tr '\0' x)" > "$folder/large.json"
ask /events "@$folder/large.json"
seq="$(dotnet "$program" journal tail -n 1 --prefix ext.recorded.tick --json | grep -oE '"seq":[0-9]+' | grep -oE '[0-9]+')"
ask /actions "{\"kind\":\"journal.erase\",\"input\":{\"seq\":$seq,\"reason\":\"To have one erased.\"}}"
kill -TERM "$home"
wait "$home" || true
dotnet "$program" journal verify
rm -f "$here/$migration.zip"
cd "$ARW_STATE_DIR"
python3 -m zipfile -c "$here/$migration.zip" journal.db blobs
ls -l "$here/$migration.zip"
