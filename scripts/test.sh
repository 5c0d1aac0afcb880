#!/usr/bin/env bash
# The whole test run. Every stage runs even when one before it failed; the last line is the count.
source "$(dirname "$0")/lib.sh"

staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed_stages=()

# stage NAME COMMAND...: runs it, says how long it took, remembers a failure.
stage() {
  local name=$1 started=$SECONDS verdict=ok
  shift
  say "── $name"
  "$@" || { verdict=FAILED; failed_stages+=("$name"); }
  say "   $verdict, $((SECONDS - started)) s"
}

formatting() {
  local wrong
  wrong=$(git ls-files -z '*.go' | xargs -0 gofmt -l)
  [[ -z $wrong ]] || { printf 'not formatted (make fmt):\n%s\n' "$wrong"; return 1; }
}

go_tests() {
  local pipe
  set +e
  go run ./postgres/testpg -- go test -json -count=1 -timeout 15m ./... 2>"$work/go.stderr" </dev/null |
    "$work/testsum" go "$work/go.totals"
  pipe=("${PIPESTATUS[@]}")
  set -e
  cat "$work/go.stderr"
  ((pipe[0] == 0 && pipe[1] == 0))
}

browser_tests() {
  local files=(tests/browser/*.test.mjs) rc=0
  [[ -e ${files[0]} ]] || { say "no browser tests yet"; return 0; }
  node --test --test-concurrency=1 --test-reporter=tap "${files[@]}" >"$work/browser.tap" </dev/null || rc=$?
  "$work/testsum" tap "$work/browser.totals" <"$work/browser.tap" || rc=$?
  return "$rc"
}

stage "what is missing is installed" scripts/install.sh postgres-debian browser
stage "assets, font, binary" scripts/build.sh
go build -o "$work/testsum" ./scripts/testsum
stage "formatting" formatting
stage "vet" go vet ./...
stage "staticcheck" slowly "staticcheck" go run "$staticcheck" ./...
stage "Go tests on PostgreSQL" go_tests
stage "browser tests" browser_tests

say "── ${SECONDS} s in all"
if ((${#failed_stages[@]})); then
  say "failed: $(IFS=,; echo "${failed_stages[*]}")"
fi
rc=0
"$work/testsum" total "$work"/*.totals || rc=1
((${#failed_stages[@]} == 0)) || rc=1
exit "$rc"
