#!/usr/bin/env bash
# Stand-ins for the official base images, for a machine that reaches Debian's packages and PyPI but no image registry.
# They carry the official names, so that docker-compose.yml and the Dockerfile are used unchanged.
#
#   python:3.11-slim-bookworm   a debootstrap root file system with Debian's Python 3.11
#   nats:*, caddy:*             the same root with the binary from the wheel that local runs use
#
# Usage: base_images.sh VENV_BIN NATS_IMAGE CADDY_IMAGE PYTHON_IMAGE
set -euo pipefail
venv_bin=$1 nats_image=$2 caddy_image=$3 python_image=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! docker image inspect "$python_image" >/dev/null 2>&1; then
    echo "-- debootstrap: $python_image"
    debootstrap --variant=minbase --include=python3,python3-venv,python3-pip,ca-certificates,wget,tzdata \
        bookworm "$work/root" >"$work/debootstrap.log" 2>&1 || { tail -20 "$work/debootstrap.log"; exit 1; }
    # The official image calls it python; and this machine's own certificate authorities must be known inside.
    ln -sf python3 "$work/root/usr/bin/python"
    cp /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$work/root/var/cache/apt/archives" "$work/root/var/lib/apt/lists"
    tar -C "$work/root" -c . | docker import \
        --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' \
        --change 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt' \
        - "$python_image" >/dev/null
fi

binary_image() { # name binary command...
    local image=$1 binary=$2
    shift 2
    docker image inspect "$image" >/dev/null 2>&1 && return
    echo "-- $binary: $image"
    mkdir -p "$work/$binary"
    cp "$(readlink -f "$venv_bin/$binary")" "$work/$binary/$binary"
    printf 'FROM %s\nCOPY %s /usr/bin/%s\n%s\n' "$python_image" "$binary" "$binary" "$*" >"$work/$binary/Dockerfile"
    DOCKER_BUILDKIT=0 docker build --quiet --tag "$image" "$work/$binary" >/dev/null
}
binary_image "$nats_image" nats-server 'ENTRYPOINT ["nats-server"]'
binary_image "$caddy_image" caddy 'ENTRYPOINT []'
