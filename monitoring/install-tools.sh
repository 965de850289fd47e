#!/usr/bin/env bash
# Installs Debian's Prometheus (with promtool) and Alertmanager (with amtool). Nothing of theirs is started.
set -euo pipefail

for tool in prometheus promtool prometheus-alertmanager amtool; do
    command -v "$tool" >/dev/null || missing=1
done
if [ -z "${missing:-}" ]; then
    echo "prometheus, promtool, prometheus-alertmanager and amtool are here already"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "error: no apt-get here: install prometheus and alertmanager by hand, with promtool and amtool on PATH" >&2
    exit 1
fi
root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "error: installing packages needs root: run this as root" >&2; exit 1; }
    root=(sudo)
fi
# The packages would start their services after installing where there is systemd; the proof starts its own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    "${root[@]}" chmod 755 "$policy"
    trap '"${root[@]}" rm -f "$policy"' EXIT
fi
"${root[@]}" apt-get update -q
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    prometheus prometheus-alertmanager
