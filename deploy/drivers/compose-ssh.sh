# shellcheck shell=bash
# Driver `compose-ssh`: a Docker host reached by SSH, with deploy/compose/compose.yml in DEPLOY_DIR.
# Two slots of inventory-service, blue and green, stand behind an nginx; a switch is its reload, which drains by itself.
need_setting DEPLOY_HOST DEPLOY_DIR IMAGE_REGISTRY
SSH=${SSH:-ssh}
SSH_OPTIONS=(-o BatchMode=yes -o ConnectTimeout=10)
# Loopback ports of the slots on the Docker host, as deploy/compose/compose.yml has them.
BLUE_PORT=18080 GREEN_PORT=28080 PUBLIC_PORT=8080
TUNNEL_PORT=${TUNNEL_PORT:-18999}

_remote() { run "$SSH" "${SSH_OPTIONS[@]}" "$DEPLOY_HOST" "cd '$DEPLOY_DIR' && $*"; }
_remote_read() {
    [[ $DRY_RUN == no ]] || return 0
    "$SSH" "${SSH_OPTIONS[@]}" "$DEPLOY_HOST" "cd '$DEPLOY_DIR' && $*"
}
_compose() { _remote "docker compose --env-file .env --env-file slots.env $*"; }
_copy() { # LOCAL REMOTE
    if [[ $DRY_RUN == yes ]]; then
        printf '    would copy: %s to %s:%s/%s\n' "$1" "$DEPLOY_HOST" "$DEPLOY_DIR" "$2"
    else
        "$SSH" "${SSH_OPTIONS[@]}" "$DEPLOY_HOST" "cat > '$DEPLOY_DIR/$2'" <"$1"
    fi
}

_slot_of() { # VERSION: the slot that holds it, else the one that does not serve
    local slot
    slot=$(_remote_read "sed -n 's/^\\(BLUE\\|GREEN\\)_TAG=$1\$/\\1/p' slots.env | head -n 1")
    if [[ -z $slot ]]; then
        slot=$(_remote_read "cat serving-slot 2>/dev/null || true")
        [[ $slot == BLUE ]] && slot=GREEN || slot=BLUE
    fi
    printf '%s' "$slot"
}
_port_of() { [[ $1 == BLUE ]] && echo "$BLUE_PORT" || echo "$GREEN_PORT"; }

# The lock is held on the host, by a connection that lives as long as this script: two pipelines cannot both have it.
driver_lock() {
    local answer
    coproc HOST_LOCK { "$SSH" "${SSH_OPTIONS[@]}" "$DEPLOY_HOST" \
        "mkdir -p '$DEPLOY_DIR' && cd '$DEPLOY_DIR' && flock -n deploy.lock sh -c 'echo held; cat' || echo busy"; }
    read -r -t 30 answer <&"${HOST_LOCK[0]}" || answer='no answer'
    [[ $answer == held ]] || die "$EXIT_LOCKED" "the lock on $DEPLOY_HOST:$DEPLOY_DIR/deploy.lock is not to be had: $answer"
}
driver_unlock() { [[ -z ${HOST_LOCK_PID:-} ]] || kill "$HOST_LOCK_PID" 2>/dev/null || true; }

driver_current() { _remote_read "cat current 2>/dev/null || true"; }
driver_previous() { _remote_read "cat previous 2>/dev/null || true"; }

driver_preflight() { # VERSION
    [[ -z ${TARGET_CATALOGUE_FILE:-} ]] || need_catalogue
    _remote "docker compose version"
    _remote "test -f .env || { echo 'put .env into $DEPLOY_DIR: see deploy/compose/env.example' >&2; exit 1; }"
    _copy "$DEPLOY_HOME/compose/compose.yml" compose.yml
    _copy "$DEPLOY_HOME/compose/edge.conf" edge.conf
    _remote "mkdir -p upstream backups; touch slots.env; test -f upstream/upstream.conf || echo 'server inventory-blue:8080;' > upstream/upstream.conf"
    _compose config --quiet
    _remote "docker pull '$IMAGE_REGISTRY/inventory-service:$1' && docker pull '$IMAGE_REGISTRY/migrations:$1'"
    _compose up -d --wait postgres redis auth-service
}

driver_backup() { # VERSION
    local file
    file=backups/$(date -u +%Y%m%dT%H%M%SZ)-before-$1.dump
    _compose "exec -T postgres pg_dump --format=custom --username=postgres shard_legends > $file"
    _compose "exec -T postgres pg_restore --list < $file | grep -q 'TABLE DATA inventory operations'"
    _remote "chmod 600 $file && ls -1 backups/*.dump | head -n -5 | xargs -r rm --"
}

driver_migrate() { _remote "MIGRATIONS_TAG='$1' docker compose --env-file .env run --rm migrate"; }

driver_start() { # VERSION
    local slot
    slot=$(_slot_of "$1")
    _remote "sed -i '/^${slot}_TAG=/d' slots.env && echo '${slot}_TAG=$1' >> slots.env"
    _compose up -d --no-deps "inventory-${slot,,}"
}

driver_ready() { # VERSION
    local port
    port=$(_port_of "$(_slot_of "$1")")
    _remote "timeout $READY_SECONDS sh -c 'until curl -fsS -o /dev/null http://127.0.0.1:$port/health/ready; do sleep 1; done'"
}

driver_smoke_open() { # VERSION|public
    local port=$PUBLIC_PORT
    [[ $1 == public ]] || port=$(_port_of "$(_slot_of "$1")")
    "$SSH" "${SSH_OPTIONS[@]}" -f -N -M -S "$STATE_DIR/tunnel" -o ExitOnForwardFailure=yes \
        -L "127.0.0.1:$TUNNEL_PORT:127.0.0.1:$port" "$DEPLOY_HOST"
    # The database on the host tells the catalogue, unless a file does.
    [[ -n ${TARGET_CATALOGUE_FILE:-} ]] || _remote_read "docker compose --env-file .env --env-file slots.env exec -T postgres" \
        "psql --username=postgres --tuples-only --no-align shard_legends" <"$DEPLOY_HOME/catalogue.sql" >"$STATE_DIR/catalogue.json"
}
driver_smoke_close() { "$SSH" -S "$STATE_DIR/tunnel" -O exit "$DEPLOY_HOST" 2>/dev/null || true; }

# Secrets and what else the suites need (TARGET_AUTH_URL, TARGET_SERVICE_SECRET, …) come from the environment file.
driver_smoke_settings() { # VERSION|public
    local url=http://127.0.0.1:$TUNNEL_PORT
    printf '%s\n' "TARGET_NAME=$ENVIRONMENT-$1" TARGET_STACK=none "TARGET_PUBLIC_URLS=$url" "TARGET_INTERNAL_URLS=$url" \
        "TARGET_HEALTH_URLS=$url/health" "TARGET_CATALOGUE_FILE=${TARGET_CATALOGUE_FILE:-$STATE_DIR/catalogue.json}"
}

driver_switch() { # VERSION
    local slot
    slot=$(_slot_of "$1")
    _remote "echo 'server inventory-${slot,,}:8080;' > upstream/upstream.conf.new && mv upstream/upstream.conf.new upstream/upstream.conf"
    _compose up -d --no-deps --wait edge
    _compose exec -T edge nginx -s reload
    _remote "echo $slot > serving-slot"
}

# Old workers of nginx end when they have answered what they had begun.
driver_drain() {
    _remote "timeout $DRAIN_SECONDS sh -c 'while docker compose top edge | grep -q \"shutting down\"; do sleep 1; done'"
}

driver_keep() { # VERSION OLD
    _remote "echo '$1' > current && echo '${2:-}' > previous"
}

driver_discard() { # VERSION
    local slot
    slot=$(_slot_of "$1")
    _compose rm --stop --force "inventory-${slot,,}"
}
