#!/usr/bin/env bash
# github.com/go-gremlins/gremlins v0.6.0, Go 1.26.8.
#
# Guessed: --test-cpu, "the number of CPUs to allow each test run to use", bounds the
# load of a run and leaves its verdicts as they are.
#
# Seen: with it, every mutant counts as killed, whatever the tests do. A test without
# any check gives an efficacy of 0 % without the flag, and of 100 % with it. (Each test
# run ends at once with an error of usage: the flag and its number arrive as one word.
# An error of any kind is taken for a test that noticed the mutant.)
#
#   plain:        Killed: 0, Lived: 2, Not covered: 0
#   --test-cpu 1: Killed: 2, Lived: 0, Not covered: 0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
printf 'module finding\n\ngo 1.26.0\n' >go.mod
printf 'package finding\n\nfunc Older(a, b int) bool { return a > b }\n' >finding.go
printf 'package finding\n\nimport "testing"\n\nfunc TestOlder(t *testing.T) { Older(1, 2) }\n' >finding_test.go
export GOTOOLCHAIN=go1.26.8
GOBIN=$dir go install github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
killed() { ./gremlins unleash . --timeout-coefficient 20 "$@" | grep '^Killed'; }
{
  echo "plain:        $(killed)"
  echo "--test-cpu 1: $(killed --test-cpu 1)"
} | tee seen
printf 'plain:        Killed: 0, Lived: 2, Not covered: 0\n--test-cpu 1: Killed: 2, Lived: 0, Not covered: 0\n' >want
diff -u want seen
