# shellcheck shell=bash
# What deploy.sh, rollback.sh and smoke.sh have in common: settings, log, lock, steps.
# The exit codes are the scripts' promise to pipelines; docs/deployment/README.md lists them.
export EXIT_USAGE=2 EXIT_LOCKED=3 EXIT_PREFLIGHT=4 EXIT_BACKUP=5 EXIT_MIGRATE=6 EXIT_START=7 EXIT_READY=8
export EXIT_SMOKE=9 EXIT_SWITCH=10 EXIT_ROLLED_BACK=11 EXIT_NOTHING=12 EXIT_DRAIN=13 EXIT_KEEP=14

DEPLOY_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$DEPLOY_HOME")
export DEPLOY_HOME ROOT
DRY_RUN=${DRY_RUN:-no}
ENVIRONMENT='' VERSION='' LOG_FILE='' CANDIDATE='' SWITCHED_FROM='' STEP_NUMBER=0 STEPS=0

# The settings that an environment has to give, whatever its driver.
load_environment() { # ENV
    ENVIRONMENT=$1
    [[ $ENVIRONMENT =~ ^[a-z][a-z0-9-]*$ ]] || die $EXIT_USAGE "'$1' is no environment name: use letters, digits and -"
    local file=${DEPLOY_ENVIRONMENTS_DIR:-$DEPLOY_HOME/environments}/$ENVIRONMENT.env
    if [[ -f $file ]]; then
        set -a
        # shellcheck source=/dev/null
        source "$file"
        set +a
    elif [[ -z ${DRIVER:-} ]]; then
        die $EXIT_USAGE "there is no $file: copy $ENVIRONMENT.env.example beside it, or set DRIVER and its settings"
    fi
    local driver=$DEPLOY_HOME/drivers/${DRIVER:-}.sh
    [[ -n ${DRIVER:-} && -f $driver ]] || die $EXIT_USAGE "DRIVER is '${DRIVER:-}': it must be local, compose-ssh or kubernetes"
    STATE_DIR=${STATE_DIR:-$ROOT/results/deploy/$ENVIRONMENT}
    LOG_FILE=${DEPLOY_LOG:-$STATE_DIR/deploy.log}
    if [[ -z ${PYTHON:-} ]]; then
        PYTHON=$ROOT/.venv/bin/python
        [[ -x $PYTHON ]] || PYTHON=$(command -v python3)
    fi
    export ENVIRONMENT STATE_DIR LOG_FILE PYTHON
    export READY_SECONDS=${READY_SECONDS:-60} DRAIN_SECONDS=${DRAIN_SECONDS:-30} START_SECONDS=${START_SECONDS:-30}
    export PYTHONPATH=$ROOT${PYTHONPATH:+:$PYTHONPATH}
    cd "$ROOT" || exit 1
    # shellcheck source=/dev/null
    source "$driver"
}

need_setting() { # NAME...
    local name
    for name in "$@"; do
        [[ -n ${!name:-} ]] || die $EXIT_USAGE "setting $name is missing: put it into the environment file of $ENVIRONMENT"
    done
}

# Without a catalogue the smoke suite leaves out whatever needs an item, and is green.
need_catalogue() {
    [[ $DRY_RUN == no ]] || { echo '    would check: is there a catalogue for the smoke suite?'; return 0; }
    local how='docs/deployment/README.md says how to make it'
    if [[ -n ${TARGET_CATALOGUE_FILE:-} ]]; then
        [[ -s $TARGET_CATALOGUE_FILE ]] || { echo "error: TARGET_CATALOGUE_FILE is '$TARGET_CATALOGUE_FILE', which is not there or empty: $how" >&2; exit 1; }
    elif [[ -z ${TARGET_DATABASE_HOST:-} && -z ${TARGET_CATALOGUE_URL:-} ]]; then
        echo "error: nothing tells the smoke suite the catalogue: set TARGET_CATALOGUE_FILE; $how" >&2
        exit 1
    fi
}

log() {
    local line
    line="$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ) $ENVIRONMENT ${VERSION:--} $*"
    printf '%s\n' "$line"
    [[ $DRY_RUN == yes || -z $LOG_FILE ]] || printf '%s\n' "$line" >>"$LOG_FILE"
}

die() { # CODE MESSAGE
    printf 'error: %s\n' "$2" >&2
    [[ $DRY_RUN == yes || ! -w ${LOG_FILE:-/nonexistent} ]] || printf 'error: %s\n' "$2" >>"$LOG_FILE"
    exit "$1"
}

# Runs a command, or in a dry run says which.
run() {
    if [[ $DRY_RUN == yes ]]; then
        printf '    would run: %s\n' "$*"
    else
        printf '+ %s\n' "$*"
        "$@"
    fi
}

# The lock goes with the process, however that ends. The holder's name is only for the message.
take_lock() { # WHAT
    [[ $DRY_RUN == no ]] || return 0
    mkdir -p "$STATE_DIR"
    chmod 700 "$STATE_DIR"
    touch "$LOG_FILE"
    exec {LOCK_FD}>>"$STATE_DIR/lock"
    if ! flock --nonblock "$LOCK_FD"; then
        die $EXIT_LOCKED "another deployment holds the lock of $ENVIRONMENT: $(cat "$STATE_DIR/holder" 2>/dev/null || echo unknown); wait for it"
    fi
    printf '%s, pid %s, %s@%s, since %s\n' "$1" $$ "$(id -un 2>/dev/null || true)" "$(hostname)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$STATE_DIR/holder"
    trap 'abort 130 "stopped by a signal"' INT TERM HUP
    driver_lock "$1"
}

release_lock() {
    [[ $DRY_RUN == no ]] || return 0
    driver_unlock
    rm -f "$STATE_DIR/holder"
}

# Runs a step in a subshell that stops at its first failing command; its output goes into the log.
step() { # EXIT_CODE NAME TEXT COMMAND...
    local code=$1 name=$2 text=$3 started=$SECONDS result
    shift 3
    STEP_NUMBER=$((STEP_NUMBER + 1))
    log "step $STEP_NUMBER/$STEPS $name: $text"
    if [[ $DRY_RUN == yes ]]; then
        "$@"
        return 0
    fi
    set +e
    (
        set -Eeuo pipefail
        trap - INT TERM HUP
        "$@"
    ) >>"$LOG_FILE" 2>&1
    result=$?
    set -e
    if ((result != 0)); then
        log "step $name: FAILED with $result after $((SECONDS - started)) s"
        tail -n 15 "$LOG_FILE" | sed 's/^/    /' >&2
        abort "$code" "step $name failed; the log is $LOG_FILE"
    fi
    log "step $name: done in $((SECONDS - started)) s"
}

# Leaves the old version serving: back to it if the switch was made, and the new one away.
abort() { # EXIT_CODE MESSAGE
    trap '' INT TERM HUP
    set +e
    if [[ -n $SWITCHED_FROM ]]; then
        log "switching back to $SWITCHED_FROM"
        (driver_switch "$SWITCHED_FROM") >>"$LOG_FILE" 2>&1 || log "SWITCHING BACK FAILED: see docs/deployment/README.md"
    fi
    if [[ -n $CANDIDATE ]]; then
        log "discarding $CANDIDATE"
        (driver_discard "$CANDIDATE") >>"$LOG_FILE" 2>&1
    fi
    release_lock
    log "failed with exit code $1; serving: ${SERVING:-nothing}"
    die "$1" "$2"
}

# Proves an address by deploy/smoke, with the driver's TARGET_... settings in the environment only.
smoke() { # VERSION|public
    local out=$STATE_DIR/smoke-$1 pair
    if [[ $DRY_RUN == yes ]]; then
        printf '    would run: robot --outputdir %s deploy/smoke (against %s)\n' "$out" "$1"
        return 0
    fi
    driver_smoke_open "$1"
    trap 'driver_smoke_close' EXIT
    while IFS= read -r pair; do
        export "${pair?}"
    done < <(driver_smoke_settings "$1")
    [[ -n ${TARGET_NAME:-} ]] || { echo "the driver gave no smoke settings for $1" >&2; return 1; }
    [[ ${TARGET_STACK:-} != none ]] || need_catalogue
    # Empty words in SMOKE_ARGS are wanted to vanish.
    # shellcheck disable=SC2086
    "$PYTHON" -m robot --outputdir "$out" --console dotted --loglevel INFO --variable DESCRIPTION: ${SMOKE_ARGS:-} "${SMOKE_SUITE:-$DEPLOY_HOME/smoke}"
}
