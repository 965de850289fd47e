#!/usr/bin/env bash
# rollback.sh ENV [--dry-run]: bring the version back that served before. The schema stays: it fits both versions.
# Exit codes: 0 done, 2 usage, 3 locked, 4 pre-flight, 7 did not start, 8 not ready, 9 smoke suite red, 10 switch,
# 11 red after the switch and switched back, 12 there is no version to go back to, 13 drain, 14 keep, 130 stopped.
set -Eeuo pipefail
# shellcheck source=deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

words=()
for word in "$@"; do
    case $word in
        --dry-run) DRY_RUN=yes ;;
        -*) die $EXIT_USAGE "there is no option $word; usage: rollback.sh ENV [--dry-run]" ;;
        *) words+=("$word") ;;
    esac
done
((${#words[@]} == 1)) || die $EXIT_USAGE "usage: rollback.sh ENV [--dry-run]"
load_environment "${words[0]}"
STEPS=8

take_lock rollback.sh
SERVING=$(driver_current)
VERSION=$(driver_previous)
[[ $DRY_RUN == no ]] || VERSION=previous-version
if [[ -z $VERSION ]]; then
    release_lock
    die $EXIT_NOTHING "$ENVIRONMENT has no previous version to go back to (serving: ${SERVING:-nothing})"
fi
log "rolling back from ${SERVING:-nothing} to $VERSION with driver $DRIVER"

step $EXIT_PREFLIGHT preflight "is all there that the rollback needs?" driver_preflight "$VERSION"
step $EXIT_START start "make sure that $VERSION runs" driver_start "$VERSION"
step $EXIT_READY ready "wait until $VERSION is ready, at most $READY_SECONDS s" driver_ready "$VERSION"
step $EXIT_SMOKE smoke "prove $VERSION at its own address" smoke "$VERSION"
SWITCHED_FROM=$SERVING
step $EXIT_SWITCH switch "send new requests to $VERSION" driver_switch "$VERSION"
step $EXIT_ROLLED_BACK verify "prove $VERSION at the public address" smoke public
SWITCHED_FROM='' OLD=$SERVING SERVING=$VERSION
step $EXIT_DRAIN drain "let ${OLD:-nothing} answer what it has begun, at most $DRAIN_SECONDS s" driver_drain "$OLD"
# The version that failed is no version to go back to.
step $EXIT_KEEP keep "note $VERSION, retire ${OLD:-nothing}" driver_keep "$VERSION" ""

release_lock
[[ $DRY_RUN == no ]] || { log "dry run: nothing was done"; exit 0; }
log "$VERSION is serving $ENVIRONMENT again"
