#!/usr/bin/env bash
# Pictures of every page at desktop and phone width into screenshots/, from a demo that is thrown away.
source "$(dirname "$0")/lib.sh"

scripts/install.sh postgres browser
scripts/build.sh
[[ -f tests/browser/screenshots.mjs ]] || die "tests/browser/screenshots.mjs is not there yet"
mkdir -p screenshots
exec node tests/browser/screenshots.mjs screenshots
