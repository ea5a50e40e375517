#!/usr/bin/env bash
# Takes a picture of every page, light and dark, at 1440 and 390 px, from a demo home at work: docs/pictures/.
set -euo pipefail
cd "$(dirname "$0")/.."
ARW_PICTURES="$PWD/docs/pictures" dotnet test Arw.E2E --nologo --filter Category=Pictures "$@"
