"""What a set-up says to people, in three languages, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, get_args

from cli.chatwoot_setup.steps import Step
from common.tenants import Locale

LOCALES: Final[tuple[Locale, ...]] = get_args(Locale)


@cache
def _catalogue(locale: Locale) -> Mapping[str, Mapping[str, str]]:
    source = resources.files("cli.chatwoot_setup") / "texts" / f"{locale}.toml"
    return tomllib.loads(source.read_text("utf-8"))


def said(step: Step, locale: Locale) -> tuple[str, str]:
    """What is so, and how to mend it (empty when there is nothing to mend)."""
    texts = _catalogue(locale)
    key = f"{step.key}_{step.state}" if f"{step.key}_{step.state}" in texts["says"] else step.key
    mend = texts["mend"].get(step.key, "") if step.state in ("failed", "warning") else ""
    return texts["says"][key].format(**step.values), mend.format(**step.values)


def state_word(step: Step, locale: Locale) -> str:
    """The state of a step, for the eye."""
    return _catalogue(locale)["states"][step.state]


def closing(key: str, locale: Locale, **values: str) -> str:
    """A sentence at the end."""
    return _catalogue(locale)["closing"][key].format(**values)


def locale_of(language: str) -> Locale | None:
    """The language of a `LANG` like `pt_BR.UTF-8`; None for one that we do not speak."""
    start = language.replace("_", "-").lower()
    if start.startswith("pt"):
        return "pt-BR"
    return next((each for each in LOCALES if start.startswith(each)), None)
