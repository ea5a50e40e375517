#!/usr/bin/env bash
# Installs what the tests need, builds with warnings as errors, runs every suite. Last line: "N passed, N failed".
# Usage: ./test.sh [arguments for dotnet test instead of the default choice, for example --filter FullyQualifiedName~Journal]
# Left out by default: Pictures (makes docs/pictures).
set -uo pipefail
cd "$(dirname "$0")"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
failed_stages=0
[ $# -gt 0 ] || set -- --filter "Category!=Pictures"

stage() {
  local name=$1; shift
  local start=$SECONDS
  echo "── $name"
  "$@"
  local code=$?
  printf '── %s: %s after %d s\n' "$name" "$([ $code = 0 ] && echo done || echo "FAILED ($code)")" $((SECONDS - start))
  return $code
}

install_browser() {
  if [ -n "${ARW_CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1; then return 0; fi
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need Chromium: install it, or name it in ARW_CHROMIUM." >&2
    return 1
  fi
  local sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
}

# The tests of the way out run in network namespaces, which need ip, and contain programs with bwrap.
install_namespaces() {
  if command -v ip >/dev/null 2>&1 && command -v bwrap >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then return 0; fi
  local sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq iproute2 bubblewrap >/dev/null
}

# The exporters of the OpenTelemetry JavaScript SDK, and a fetch through the proxy.
install_node() {
  if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then return 0; fi
  local sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm >/dev/null
}

suite() {
  local project=$1; shift
  dotnet test "$project" --no-build --nologo --logger "trx;LogFileName=$results/$project.trx" --logger "console;verbosity=minimal" "$@"
}

sum() { grep -hoE "<Counters [^>]*" "$results"/*.trx 2>/dev/null | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

stage "browser" install_browser || failed_stages=$((failed_stages + 1))
stage "iproute2 and bubblewrap" install_namespaces || failed_stages=$((failed_stages + 1))
stage "Node.js" install_node || failed_stages=$((failed_stages + 1))
stage "restore" dotnet restore Arw.Web.sln -v q --nologo || exit 1
stage "build" dotnet build Arw.Web.sln --no-restore -v q --nologo -clp:ErrorsOnly || exit 1
stage "tests" suite Arw.Tests "$@" || failed_stages=$((failed_stages + 1))
stage "browser tests" suite Arw.E2E "$@" || failed_stages=$((failed_stages + 1))

passed=$(sum passed); failed=$(sum failed)
# A suite that broke down without a failed test (a crash, no browser) is a failure too.
if [ "$failed_stages" -gt 0 ] && [ "${failed:-0}" = 0 ]; then failed=$failed_stages; fi
echo "${passed:-0} passed, ${failed:-0} failed"
[ "${failed:-0}" = 0 ]
