#!/usr/bin/env bash
# Takes the Chinese font that PDFs are set in from npm, with its licence, to paper/font/ (git-ignored).
# A second run does nothing. The checksum holds the font still: other glyph widths would change documents
# that have already been printed.
source "$(dirname "$0")/lib.sh"

package=@expo-google-fonts/noto-sans-sc@0.4.3
font=paper/font/NotoSansSC-Regular.ttf
licence=paper/font/OFL.txt
checksum=d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16

right() { [[ -s $licence && -f $font ]] && echo "$checksum  $font" | sha256sum --check --status; }
right && exit 0

command -v npm >/dev/null || die "npm is missing (Debian: apt-get install -y nodejs npm)"
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
slowly "fetching the Chinese font" npm pack --silent --pack-destination "$unpacked" "$package"
tar -xzf "$unpacked"/*.tgz -C "$unpacked" package/400Regular/NotoSansSC_400Regular.ttf package/LICENSE_FONT

mkdir -p paper/font
cp "$unpacked/package/LICENSE_FONT" "$licence"
# Under its own name last and in one step: a font that is there is whole.
cp "$unpacked/package/400Regular/NotoSansSC_400Regular.ttf" "$font.part"
mv "$font.part" "$font"
right || die "$font is not the font that $package had when this was written"
