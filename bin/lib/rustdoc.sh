#!/usr/bin/env bash
# Stands in for rustdoc where `cargo test --doc` asks for the examples to be run, and writes the pages instead.
set -euo pipefail
options=()
while [ $# -gt 0 ]; do
  case "$1" in
    --test) ;;
    --test-run-directory | --test-builder | --test-runtool | --color | --crate-type) shift ;;
    --test-* | --no-run | --nocapture) ;;
    *) options+=("$1") ;;
  esac
  shift
done
exec rustdoc "${options[@]}" --document-private-items --out-dir target/doc
