# shellcheck shell=bash
# Driver `kubernetes`: two slots of inventory-service, blue and green, behind one Service whose selector is the switch.
# What serves is noted in annotations of that Service; `kubectl apply` of the overlay leaves slots and switch alone.
need_setting KUBE_CONTEXT KUBE_NAMESPACE KUBE_OVERLAY IMAGE_REGISTRY
NOTE=deploy.shardlegends.example
SLOT_LABEL=shardlegends.example/slot
FORWARD_PORT=${FORWARD_PORT:-18998}
KUBECTL=(kubectl --context "$KUBE_CONTEXT" --namespace "$KUBE_NAMESPACE")

_kubectl() { run "${KUBECTL[@]}" "$@"; }
_read() { # KIND/NAME JSONPATH
    [[ $DRY_RUN == no ]] || return 0
    "${KUBECTL[@]}" get "$1" --ignore-not-found -o "jsonpath=$2"
}
_note() { _read service/inventory-service "{.metadata.annotations.${NOTE//./\\.}/$1}"; }
_serving_slot() { _read service/inventory-service "{.spec.selector.${SLOT_LABEL//./\\.}}"; }
_slot_of() { # VERSION: the slot that holds it, else the one that does not serve
    local slot image
    for slot in blue green; do
        image=$(_read "deployment/inventory-$slot" '{.spec.template.spec.containers[0].image}')
        [[ $image != */inventory-service:$1 ]] || { echo "$slot"; return; }
    done
    [[ $(_serving_slot) == blue ]] && echo green || echo blue
}

# Creating a ConfigMap is atomic in the cluster. One that a killed pipeline left names its holder and says how to go on.
driver_lock() { # WHAT
    local who
    if ! "${KUBECTL[@]}" create configmap deploy-lock "--from-literal=holder=$1 by $(id -un 2>/dev/null || true)@$(hostname) since $(date -u +%FT%TZ)" >/dev/null 2>&1; then
        who=$(_read configmap/deploy-lock '{.data.holder}')
        die "$EXIT_LOCKED" "another deployment holds configmap/deploy-lock: ${who:-unknown}; if that is dead: kubectl -n $KUBE_NAMESPACE delete configmap deploy-lock"
    fi
}
driver_unlock() { "${KUBECTL[@]}" delete configmap deploy-lock --ignore-not-found >/dev/null || true; }

driver_current() { _note current; }
driver_previous() { _note previous; }

driver_preflight() { # VERSION
    need_catalogue
    _kubectl auth can-i patch services
    _kubectl auth can-i create jobs
    local secret
    for secret in database auth; do
        _kubectl get secret "$secret" -o name
    done
    # What the overlay says about slots' images and the selector is only for the first time.
    if [[ -z $(driver_current) ]]; then
        _kubectl apply -k "$DEPLOY_HOME/kubernetes/overlays/$KUBE_OVERLAY"
    fi
}

# A managed database is backed up by its provider: BACKUP_COMMAND asks for a snapshot and waits for it.
driver_backup() { # VERSION
    need_setting BACKUP_COMMAND
    run bash -c "$BACKUP_COMMAND" backup "$1"
}

driver_migrate() { # VERSION
    local job image=$IMAGE_REGISTRY/migrations:$1 name
    name=$(tr '[:upper:]._' '[:lower:]--' <<<"$1")
    _kubectl delete job "migrate-$name" --ignore-not-found
    job=$(sed -e "s|@VERSION@|$name|" -e "s|@IMAGE@|$image|" "$DEPLOY_HOME/kubernetes/jobs/migrate.yaml")
    if [[ $DRY_RUN == yes ]]; then
        printf '    would run: kubectl apply -f - (job migrate-%s of %s)\n' "$name" "$image"
    else
        "${KUBECTL[@]}" apply -f - <<<"$job"
    fi
    _kubectl wait --for=condition=complete --timeout=600s "job/migrate-$name"
}

driver_start() { # VERSION
    local slot
    slot=$(_slot_of "$1")
    _kubectl set image "deployment/inventory-$slot" "inventory=$IMAGE_REGISTRY/inventory-service:$1"
    # The autoscaler does nothing for a deployment at zero; at one it takes over.
    _kubectl scale "deployment/inventory-$slot" --current-replicas=0 --replicas=2 || true
}

driver_ready() { _kubectl rollout status "deployment/inventory-$(_slot_of "$1")" "--timeout=${READY_SECONDS}s"; }

driver_smoke_open() { # VERSION|public
    local service=inventory-service
    [[ $1 == public ]] || service=inventory-slot-$(_slot_of "$1")
    "${KUBECTL[@]}" port-forward --address 127.0.0.1 "service/$service" "$FORWARD_PORT:8080" >/dev/null &
    FORWARDER=$!
    timeout 20 bash -c "until : 2>/dev/null </dev/tcp/127.0.0.1/$FORWARD_PORT; do sleep 0.2; done"
}
driver_smoke_close() { [[ -z ${FORWARDER:-} ]] || kill "$FORWARDER" 2>/dev/null || true; }

# Secrets and what else the suites need (TARGET_AUTH_URL, TARGET_SERVICE_SECRET, …) come from the environment file.
driver_smoke_settings() { # VERSION|public
    local url=http://127.0.0.1:$FORWARD_PORT
    printf '%s\n' "TARGET_NAME=$ENVIRONMENT-$1" TARGET_STACK=none "TARGET_PUBLIC_URLS=$url" "TARGET_INTERNAL_URLS=$url" \
        "TARGET_HEALTH_URLS=$url/health"
}

driver_switch() { # VERSION
    _kubectl patch service inventory-service --type merge \
        --patch "{\"spec\": {\"selector\": {\"$SLOT_LABEL\": \"$(_slot_of "$1")\"}}}"
}

# Connections that clients keep open still lead to the old slot: it goes on answering, and stays up for a rollback.
driver_drain() {
    run sleep "${SETTLE_SECONDS:-10}"
}

driver_keep() { # VERSION OLD
    _kubectl annotate service inventory-service --overwrite "$NOTE/current=$1" "$NOTE/previous=${2:-}"
}

driver_discard() { _kubectl scale "deployment/inventory-$(_slot_of "$1")" --replicas=0; }
