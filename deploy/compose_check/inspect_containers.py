#!/usr/bin/env python3
"""Look at the running containers of a compose project: users, file systems, rights, ports."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def containers(project: str) -> list[dict[str, Any]]:
    """What the engine knows of the project's running containers."""
    listed = ["docker", "ps", "--quiet", "--filter", f"label=com.docker.compose.project={project}"]
    ids = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    found: list[dict[str, Any]] = json.loads(
        subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=True).stdout
    )
    return found


def problems(container: dict[str, Any]) -> list[str]:
    """What is not as docker-compose.yml promises."""
    service = container["Config"]["Labels"]["com.docker.compose.service"]
    host, found = container["HostConfig"], []
    if container["Config"]["User"] in ("", "root", "0"):
        found.append("runs as root")
    if not host["ReadonlyRootfs"]:
        found.append("can write to its root file system")
    if host["CapDrop"] != ["ALL"]:
        found.append("keeps capabilities")
    if not any("no-new-privileges" in each for each in host["SecurityOpt"] or ()):
        found.append("may gain privileges")
    published = [port for port, bound in container["NetworkSettings"]["Ports"].items() if bound]
    if published and service != "gateway":
        found.append(f"publishes {published}")
    if container["State"].get("Health", {}).get("Status") != "healthy":
        found.append("is not healthy")
    return [f"{container['Name'].lstrip('/')}: {each}" for each in found]


def main(project: str) -> int:
    """Print one line a container, and what is wrong."""
    running = containers(project)
    wrong = [each for container in running for each in problems(container)]
    for container in running:
        print(f"  {container['Name'].lstrip('/'):<28} user {container['Config']['User']:<8} read-only, no capabilities")
    for each in wrong:
        print(f"  WRONG {each}")
    return 1 if wrong or not running else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
