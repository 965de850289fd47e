# shellcheck shell=bash
# Driver `local`: a running embedded stack (`python -m stack up`), versions of inventory-service as processes side by
# side, and a router before them. A version is a launcher in LOCAL_VERSIONS_DIR. deploy/local.py does the work.
need_setting LOCAL_ROUTER_PORT
export LOCAL_VERSIONS_DIR=${LOCAL_VERSIONS_DIR:-$DEPLOY_HOME/local-versions}

_local() { run "$PYTHON" -m deploy.local "$@"; }
# A dry run asks nobody, so it does not know what serves.
_local_read() { [[ $DRY_RUN == yes ]] || "$PYTHON" -m deploy.local "$@"; }

driver_lock() { :; }
driver_unlock() { :; }
driver_current() { _local_read current; }
driver_previous() { _local_read previous; }
driver_preflight() { _local preflight "$1"; }
driver_backup() { _local backup "$1"; }
driver_migrate() { _local migrate "$1"; }
driver_start() { _local start "$1"; }
driver_ready() { _local ready "$1"; }
driver_smoke_open() { :; }
driver_smoke_close() { :; }
driver_smoke_settings() { _local_read settings "$1"; }
driver_switch() { _local switch "$1"; }
driver_drain() { [[ -z $1 ]] || _local drain "$1"; }
driver_keep() { _local keep "$1" "${2:-}"; }
driver_discard() { _local discard "$1"; }
