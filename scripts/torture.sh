#!/usr/bin/env bash
# The crash test for as long as TORTURE_MINUTES says (5 when unset): service and database killed with -9 in turn, in
# the middle of payments and bill runs, behind a proxy that loses replies. The last line is the toll.
source "$(dirname "$0")/lib.sh"

export TORTURE_MINUTES=${TORTURE_MINUTES:-5}
scripts/install.sh postgres-debian
scripts/font.sh
out=$(mktemp)
trap 'rm -f "$out"' EXIT
rc=0
go test -count=1 -timeout 0 -v -run 'TestNothingIsLostOrDoubled' ./torture/ </dev/null 2>&1 | tee "$out" || rc=$?
grep '^acknowledged=' "$out" || die "the battle did not come to its end"
exit "$rc"
