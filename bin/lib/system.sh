# shellcheck shell=bash
# Installs what is missing from the system's own packages: apt-get on Debian and Ubuntu, Homebrew on
# macOS. Looks first, so that a machine that has everything is asked nothing and needs no network.

MISSING=()
MISSING_WORDS=()

# $1: what it is, in words. The rest: packages that bring it.
miss() {
  MISSING_WORDS+=("$1")
  shift
  MISSING+=("$@")
}

want_postgres() {
  if [ -n "${PG_BIN_DIR:-}" ] && ! find_postgres >/dev/null; then
    give_up "PG_BIN_DIR is $PG_BIN_DIR, but no server of PostgreSQL $POSTGRES_AT_LEAST or newer is there." \
      "Name the folder of its initdb, or leave PG_BIN_DIR out."
  fi
  if ! find_postgres >/dev/null; then
    if is_mac; then miss "PostgreSQL" postgresql@17; else miss "PostgreSQL" postgresql; fi
  fi
}

# What a build needs.
want_build_tools() {
  if ! compiler_works; then
    if is_mac; then
      give_up "The C compiler is missing." "Run \`xcode-select --install\`, and this again when it is done."
    fi
    miss "a C compiler" gcc libc6-dev
  fi
  if ! have node; then
    if is_mac; then miss "Node.js" node; else miss "Node.js" nodejs npm; fi
  elif ! have npm; then
    miss "npm" npm
  fi
  if ! is_mac && [ ! -e /etc/ssl/certs/ca-certificates.crt ] && have apt-get; then
    miss "certificates" ca-certificates
  fi
}

# Installs what was found missing, or says the one line that does and stops.
install_missing() {
  if [ ${#MISSING[@]} -eq 0 ]; then return 0; fi
  local words
  words=$(printf ', %s' "${MISSING_WORDS[@]}")
  say "Missing on this machine: ${words#, }."
  if have apt-get; then
    install_with_apt
  elif have brew; then
    say "Installing with Homebrew: ${MISSING[*]}"
    brew install "${MISSING[@]}"
  elif is_mac; then
    give_up "Homebrew is missing." "Install it from https://brew.sh, and run this again."
  else
    give_up "This script installs with apt-get or Homebrew, and found neither." \
      "Install by hand: PostgreSQL $POSTGRES_AT_LEAST or newer with its server programs, a C compiler, Node.js $NODE_AT_LEAST or newer with npm." \
      "Then run this again. PG_BIN_DIR names the folder of initdb when it is in an unusual place."
  fi
  MISSING=() MISSING_WORDS=()
  hash -r
}

# Debian's package starts a server of its own on port 5432 unless it is told not to beforehand.
# Whoever has the package already has decided.
no_cluster_line() {
  case " ${MISSING[*]} " in
    *" postgresql "*)
      if [ ! -d /etc/postgresql-common ]; then
        printf '%s' "mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf && "
      fi
      ;;
  esac
}

install_with_apt() {
  local apt="apt-get -o DPkg::Lock::Timeout=300" line
  # An update that fails is no reason to stop: the lists may be good enough, and the install says.
  line="export DEBIAN_FRONTEND=noninteractive; $(no_cluster_line){ $apt update -q || true; } && $apt install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold ${MISSING[*]}"
  if [ "$(id -u)" -eq 0 ]; then
    say "Installing with apt-get: ${MISSING[*]}"
    run_quietly "installing packages" sh -c "$line"
  elif have sudo && { sudo -n true 2>/dev/null || somebody_is_there; }; then
    say "Installing with sudo apt-get: ${MISSING[*]}"
    run_quietly "installing packages" sudo sh -c "$line"
  else
    give_up "Installing takes an administrator. Run this one line as root, and then this command again:" \
      "sh -c \"$line\""
  fi
}

# What can be wrong although everything is there.
check_postgres() {
  if ! find_postgres >/dev/null; then
    give_up "PostgreSQL $POSTGRES_AT_LEAST or newer is needed, and what this system packages is older." \
      "Take a newer one from https://www.postgresql.org/download/, or set PG_BIN_DIR to the folder of its initdb." \
      "For bin/dev a server that runs elsewhere does too: set DATABASE_URL."
  fi
}

check_node() {
  if ! have npm || ! at_least "$(node_version)" "$NODE_AT_LEAST"; then
    give_up "Node.js $NODE_AT_LEAST or newer with npm is needed; found: $(node --version 2>/dev/null || echo none)." \
      "Install it from https://nodejs.org, and run this again."
  fi
}

# A browser for bin/test. Without one, the tests that need it are skipped, and say so.
want_chromium() {
  if find_chromium >/dev/null; then return 0; fi
  if is_mac; then
    say "No Chromium or Chrome is here. \`brew install --cask google-chrome\` brings one."
  elif grep -q '^ID=ubuntu' /etc/os-release 2>/dev/null; then
    say "Ubuntu has Chromium as a snap only, which keeps to folders of its own. For the browser tests install" \
      "Google Chrome (https://www.google.com/chrome/), or set CHROMIUM to the path of a browser."
  elif have apt-get; then
    miss "Chromium" chromium fonts-dejavu-core
  fi
}
