#!/usr/bin/env bash
# smoke.sh ENV [VERSION] [--dry-run]: prove the public address of ENV (or VERSION's own) by deploy/smoke.
# Exit codes: 0 green, 2 usage, 9 red.
set -Eeuo pipefail
# shellcheck source=deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

words=()
for word in "$@"; do
    case $word in
        --dry-run) DRY_RUN=yes ;;
        -*) die $EXIT_USAGE "there is no option $word; usage: smoke.sh ENV [VERSION] [--dry-run]" ;;
        *) words+=("$word") ;;
    esac
done
((${#words[@]} == 1 || ${#words[@]} == 2)) || die $EXIT_USAGE "usage: smoke.sh ENV [VERSION] [--dry-run]"
load_environment "${words[0]}"
set +e
(
    set -Eeuo pipefail
    smoke "${words[1]:-public}"
)
result=$?
((result == 0)) || die $EXIT_SMOKE "the smoke suite is red for $ENVIRONMENT: see $STATE_DIR/smoke-${words[1]:-public}/log.html"
