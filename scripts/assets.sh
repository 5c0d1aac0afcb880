#!/usr/bin/env bash
# Takes the front-end files that the binary embeds from npm, by the lock file.
# Nothing of them is committed: server/pages/assets/vendor/ is git-ignored. A second run with the
# same lock file does nothing, so that `make` may call it every time.
set -euo pipefail
cd "$(dirname "$0")/.."

vendor=server/pages/assets/vendor
stamp=node_modules/.taken-for
lock=$(sha256sum package-lock.json | cut -d' ' -f1)

if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$lock" ]; then
  command -v npm >/dev/null || { echo "缺少 npm：请先安装 Node.js（Debian：apt-get install nodejs npm）" >&2; exit 1; }
  npm ci --ignore-scripts --silent
  echo "$lock" > "$stamp"
fi

mkdir -p "$vendor"
take() { cmp -s "$1" "$2" || cp "$1" "$2"; }
take node_modules/htmx.org/dist/htmx.min.js "$vendor/htmx.min.js"
