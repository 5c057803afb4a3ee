# shellcheck shell=bash
# One check after another: what it is, how it went, how long it took; the output in a file, its end
# shown when it fails. Counts what cargo's and Node's test runners counted.

TEST_LOGS=target/test-logs
PASSED=0
FAILED=0
SKIPPED=0
STARTED=$(date +%s)

# $1: what is checked. The rest: the command.
step() {
  local name=$1 log status=0 begun
  shift
  log=$TEST_LOGS/${name// /-}.log
  begun=$(date +%s)
  printf '%-34s ' "$name"
  # In a shell of its own: a check that gives up does not take the others with it.
  ("$@") >"$log" 2>&1 </dev/null || status=$?
  count_tests "$log" "$status"
  if [ "$status" -eq 0 ]; then
    printf 'ok      %4d s%s\n' $(($(date +%s) - begun)) "$COUNTED"
    return 0
  fi
  printf 'FAILED  %4d s%s\n' $(($(date +%s) - begun)) "$COUNTED"
  say "--- the end of $log"
  tail -n 60 "$log"
  say "---"
}

# $1: what is not checked. $2: why.
skip_step() {
  printf '%-34s SKIPPED: %s\n' "$1" "$2"
  SKIPPED=$((SKIPPED + 1))
}

# Adds what the log of a step counted; a check that failed without counting is one failure.
count_tests() {
  local log=$1 status=$2 counts passed failed skipped
  counts=$(awk '
  /^test result: / {
    for (i = 2; i <= NF; i++) {
      if ($i == "passed;") passed += $(i - 1)
      if ($i == "failed;") failed += $(i - 1)
      if ($i == "ignored;") skipped += $(i - 1)
    }
  }
  NF == 3 && $1 !~ /^[A-Za-z0-9]/ && $3 ~ /^[0-9]+$/ {
    if ($2 == "pass") passed += $3
    if ($2 == "fail" || $2 == "cancelled") failed += $3
    if ($2 == "skipped" || $2 == "todo") skipped += $3
  }
  END { print passed + 0, failed + 0, skipped + 0 }' "$log")
  read -r passed failed skipped <<<"$counts"
  COUNTED=''
  if [ $((passed + failed + skipped)) -gt 0 ]; then
    COUNTED=$(printf '   %d tests' $((passed + failed + skipped)))
    if [ "$skipped" -gt 0 ]; then COUNTED="$COUNTED, $skipped skipped"; fi
  fi
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  SKIPPED=$((SKIPPED + skipped))
}

# The last line, alone, in the form that other programs read too. Succeeds when nothing failed.
finish() {
  local total=$(($(date +%s) - STARTED)) line
  say ''
  say "All of it took $((total / 60)) min $((total % 60)) s. Logs are in $TEST_LOGS/."
  line="$PASSED passed, $FAILED failed"
  if [ "$SKIPPED" -gt 0 ]; then line="$line, $SKIPPED skipped"; fi
  say "$line"
  [ "$FAILED" -eq 0 ]
}
