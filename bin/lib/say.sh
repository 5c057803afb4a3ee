# shellcheck shell=bash
# How the commands in bin/ talk: plain sentences, and one that helps when they give up.

say() {
  printf '%s\n' "$*"
}

# What went wrong, then what to do about it, one argument a line.
give_up() {
  printf '\n%s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then
    printf '  %s\n' "$@" >&2
  fi
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

is_mac() {
  [ "$(uname -s)" = Darwin ]
}

# Is a terminal there, with somebody who can type a password?
somebody_is_there() {
  [ -t 0 ] && [ -t 2 ]
}

# "1.95.0" is at least "1.95": each number in turn, as numbers.
at_least() {
  local have_version=$1 wanted=$2 left right
  while [ -n "$wanted" ]; do
    left=${have_version%%.*} right=${wanted%%.*}
    left=${left%%[!0-9]*}
    if [ "${left:-0}" -gt "$right" ]; then return 0; fi
    if [ "${left:-0}" -lt "$right" ]; then return 1; fi
    case $wanted in *.*) wanted=${wanted#*.} ;; *) wanted='' ;; esac
    case $have_version in *.*) have_version=${have_version#*.} ;; *) have_version=0 ;; esac
  done
  return 0
}
