#!/usr/bin/env bash
# deploy.sh ENV VERSION [--dry-run]: bring VERSION into service in ENV without one failed request, or leave the old one.
# Exit codes: 0 serving (or it was already), 2 usage, 3 locked, 4 pre-flight, 5 backup, 6 migrate, 7 did not start,
# 8 not ready, 9 smoke suite red, 10 switch, 11 red after the switch and rolled back, 13 drain, 14 keep, 130 stopped.
set -Eeuo pipefail
# shellcheck source=deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

words=()
for word in "$@"; do
    case $word in
        --dry-run) DRY_RUN=yes ;;
        -*) die $EXIT_USAGE "there is no option $word; usage: deploy.sh ENV VERSION [--dry-run]" ;;
        *) words+=("$word") ;;
    esac
done
((${#words[@]} == 2)) || die $EXIT_USAGE "usage: deploy.sh ENV VERSION [--dry-run]"
[[ ${words[1]} =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ ]] || die $EXIT_USAGE "'${words[1]}' is no version: it must be a tag of an image"
load_environment "${words[0]}"
VERSION=${words[1]}
STEPS=10

take_lock "deploy.sh $VERSION"
SERVING=$(driver_current)
if [[ $SERVING == "$VERSION" ]]; then
    log "$VERSION is already serving $ENVIRONMENT: nothing to do"
    release_lock
    exit 0
fi
log "deploying $VERSION over ${SERVING:-nothing} with driver $DRIVER"

step $EXIT_PREFLIGHT preflight "is all there that the deployment needs?" driver_preflight "$VERSION"
step $EXIT_BACKUP backup "dump the database and see that the dump can be read" driver_backup "$VERSION"
step $EXIT_MIGRATE migrate "expand the schema while the old version serves" driver_migrate "$VERSION"
CANDIDATE=$VERSION
step $EXIT_START start "start $VERSION beside ${SERVING:-nothing}" driver_start "$VERSION"
step $EXIT_READY ready "wait until $VERSION is ready, at most $READY_SECONDS s" driver_ready "$VERSION"
step $EXIT_SMOKE smoke "prove $VERSION at its own address" smoke "$VERSION"
SWITCHED_FROM=$SERVING
step $EXIT_SWITCH switch "send new requests to $VERSION" driver_switch "$VERSION"
step $EXIT_ROLLED_BACK verify "prove $VERSION at the public address" smoke public
# From here on the new version serves; what follows may be repeated by hand but must not undo it.
CANDIDATE='' SWITCHED_FROM='' OLD=$SERVING SERVING=$VERSION
step $EXIT_DRAIN drain "let ${OLD:-nothing} answer what it has begun, at most $DRAIN_SECONDS s" driver_drain "$OLD"
step $EXIT_KEEP keep "note $VERSION, keep ${OLD:-nothing} for rollback, retire what is older" driver_keep "$VERSION" "$OLD"

release_lock
[[ $DRY_RUN == no ]] || { log "dry run: nothing was done"; exit 0; }
log "$VERSION is serving $ENVIRONMENT"
