# shellcheck shell=bash
# Looks for what the project needs from the system, and installs nothing: system.sh does that.

POSTGRES_AT_LEAST=15
NODE_AT_LEAST=18

# Folders in which a PostgreSQL server is usually installed, the same that the application looks in.
postgres_folders() {
  if [ -n "${PG_BIN_DIR:-}" ]; then
    printf '%s\n' "$PG_BIN_DIR"
    return
  fi
  local folder
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* \
    /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin \
    /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin /Library/PostgreSQL/*/bin; do
    printf '%s\n' "$folder"
  done
  if have initdb; then
    dirname "$(command -v initdb)"
  fi
}

# Prints the folder of the newest server that is new enough; fails when there is none.
find_postgres() {
  local folder version best='' best_version=0
  while IFS= read -r folder; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
      version=$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
      if [ "${version:-0}" -ge "$POSTGRES_AT_LEAST" ] && [ "$version" -gt "$best_version" ]; then
        best=$folder best_version=$version
      fi
    fi
  done < <(postgres_folders)
  [ -n "$best" ] && printf '%s\n' "$best"
}

# Prints a browser that Playwright can drive; fails when there is none that runs.
find_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if [ -n "$candidate" ] && have "$candidate" && "$candidate" --version >/dev/null 2>&1; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

# Can a C program be compiled and linked here? Some crates bring assembler and C.
compiler_works() {
  have cc && printf '#include <stdlib.h>\nint main(void) { return 0; }\n' | cc -x c -o /dev/null - 2>/dev/null
}

node_version() {
  node --version | sed 's/^v//'
}

check_rust() {
  local wanted found
  wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
  # A fresh rustup is on the PATH of new shells only.
  if ! have cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then
    PATH=$HOME/.cargo/bin:$PATH
  fi
  if ! have cargo || ! have rustc; then
    give_up "Rust is missing: Groundswell is compiled from source and needs Rust $wanted or newer." \
      "Install it from https://rustup.rs, open a new terminal, and run this again."
  fi
  found=$(rustc --version | sed 's/^rustc \([0-9.]*\).*/\1/')
  if ! at_least "$found" "$wanted"; then
    give_up "Rust $found is too old: Groundswell needs $wanted or newer." \
      "Run \`rustup update stable\` (or install from https://rustup.rs), then run this again."
  fi
}

# $1: megabytes that the work ahead needs in this folder.
check_disk() {
  local free
  free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
  if [ "${free:-0}" -lt "$1" ]; then
    give_up "This disk has $free MB free, but building here takes up to $1 MB." \
      "Free some space, or move the checkout to a larger disk, and run this again."
  fi
}
