#!/usr/bin/env python3
"""Install each workspace member alone, in an environment of its own, and import every module it has.

In the shared environment an import works even when the member does not declare what it imports. Alone it does not:
this is what finds a dependency that somebody else happened to install, and a service that imports another service.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The command line tool starts all services, so it alone may depend on them.
MAY_IMPORT_SERVICES = {"cli"}
SERVICES = {"webhook", "odoo_api", "hub", "simulator"}

IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith(".__main__"):
        importlib.import_module(module.name)
print("\\n".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def check(member: Path, workspace: Path) -> list[str]:
    """Install and import one member; answer what is wrong with it."""
    project = tomllib.loads((member / "pyproject.toml").read_text())
    name, package = project["project"]["name"], project["tool"]["uv"]["build-backend"]["module-name"]
    environment = workspace / package
    # Caches of bytecode and builds stay shared; the environment does not.
    env = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)}  # noqa: TID251
    uv = Path(sys.executable).parent / "uv"
    sync = [
        str(uv),
        "sync",
        "--quiet",
        "--locked",
        "--no-dev",
        "--no-editable",
        "--package",
        name,
        "--python",
        sys.executable,
    ]
    subprocess.run(sync, cwd=ROOT, env=env, check=True)
    imported = subprocess.run(
        [str(environment / "bin" / "python"), "-c", IMPORT_ALL, package], capture_output=True, text=True, check=False
    )
    if imported.returncode:
        return [f"{package}: {imported.stderr.strip().splitlines()[-1]}"]
    strangers = (set(imported.stdout.split()) & SERVICES) - {package}
    if strangers and package not in MAY_IMPORT_SERVICES:
        return [f"{package}: imports {', '.join(sorted(strangers))}; services speak over NATS only"]
    return []


def main() -> int:
    """Check all members."""
    members = [*sorted((ROOT / "libs").iterdir()), *sorted((ROOT / "services").iterdir())]
    with tempfile.TemporaryDirectory() as workspace:
        problems = [each for member in members for each in check(member, Path(workspace))]
    for problem in problems:
        print(problem)
    print(f"{len(members)} members checked, {len(problems)} with problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
