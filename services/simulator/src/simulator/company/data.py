"""The data files of the sample company."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_ROOT = files("simulator.company") / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """One TOML file."""
    return tomllib.loads((_ROOT / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def documents() -> dict[str, str]:
    """The support documents: name and Markdown text."""
    folder = _ROOT / "documents"
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".md"))
    return {name.removesuffix(".md"): (folder / name).read_text(encoding="utf-8") for name in names}
