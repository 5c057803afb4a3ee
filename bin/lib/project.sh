# shellcheck shell=bash
# The project's own preparations: packages for the browser, the static files, the build.

LOGS=target/setup-logs

# Runs a command with its output in a file, and shows the end of it only when it fails.
run_quietly() {
  local what=$1 log status=0
  shift
  mkdir -p "$LOGS"
  log=$LOGS/${what// /-}.log
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 25 "$log" >&2
    give_up "This failed: $what. The whole output is in $log."
  fi
}

# $1: a folder with package.json and its lock. Installs only when the lock or Node changed since.
install_node_packages() {
  local folder=$1 stamp=$1/node_modules/.installed state
  state="$(cksum <"$folder/package-lock.json") node $(node_version)"
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then return 0; fi
  say "Installing the Node packages of $folder/ …"
  # No package's own scripts run: nothing here needs them.
  run_quietly "npm ci in ${folder//\//-}" npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund
  printf '%s' "$state" >"$stamp"
}

build_static() {
  install_node_packages static
  run_quietly "building the static files" node static/build.mjs
}

binary() {
  printf '%s' "${CARGO_TARGET_DIR:-target}/debug/groundswell"
}

# The compiler checks queries against .sqlx, whatever database the environment names. Cargo's own
# progress is for people at a terminal; everywhere else only warnings and errors are shown.
build_server() {
  local binary options=(--quiet)
  binary=$(binary)
  if [ ! -e "$binary" ]; then
    say "Building the server. The first time this compiles its libraries too: two to six minutes."
    if [ -t 2 ]; then options=(--locked); fi
  elif [ -n "$(find src templates migrations static/dist Cargo.toml Cargo.lock -newer "$binary" -print 2>/dev/null | head -n 1)" ]; then
    say "Building the server …"
  fi
  if ! SQLX_OFFLINE=true cargo build "${options[@]}"; then
    give_up "The server does not compile: see above." \
      "If a query is said to have no cached data, it changed: run .github/prepare-sqlx.sh, and this again."
  fi
}
