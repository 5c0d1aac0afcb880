#!/usr/bin/env bash
# Fetches what the binary embeds, then builds it. Quick when nothing has changed.
source "$(dirname "$0")/lib.sh"

command -v go >/dev/null || die "Go is missing (https://go.dev/dl)"
command -v npm >/dev/null || die "Node with npm is missing (https://nodejs.org)"
for fetched in assets font; do
  if [[ -x scripts/$fetched.sh ]]; then
    "scripts/$fetched.sh"
  fi
done
CGO_ENABLED=0 slowly "building bin/estateledger" \
  go build -trimpath -o bin/estateledger ./cmd/estateledger
