# Shared by the scripts: sourced, never run. Every script stands in the repository's root afterwards.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# slowly MESSAGE COMMAND...: runs the command without its output. What takes over two seconds is announced,
# then again every 15 s with the time so far; when the command fails, what it wrote is shown.
slowly() {
  local message=$1 log started pid rc=0 next=2
  shift
  log=$(mktemp)
  started=$SECONDS
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if ((SECONDS - started >= next)); then
      say "… $message ($((SECONDS - started)) s)"
      next=$((next + 15))
    fi
  done
  wait "$pid" || rc=$?
  if ((rc != 0)); then
    cat "$log" >&2
    rm -f "$log"
    printf 'failed: %s\n' "$message" >&2
    return "$rc"
  fi
  rm -f "$log"
}

# Root on a Debian-like system may install packages itself; anybody else is told what to install.
can_apt() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

apt_lists_fresh=
# apt_install NAME...: by name, without questions.
apt_install() {
  if [[ -z $apt_lists_fresh ]]; then
    slowly "reading the package lists" apt-get update
    apt_lists_fresh=yes
  fi
  DEBIAN_FRONTEND=noninteractive slowly "installing $*" \
    apt-get install -y --no-install-recommends "$@"
}
