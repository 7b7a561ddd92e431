"""The message catalogue: every sentence of the assistant, per language, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from common.commands import HandOffReason
from common.tenants import Locale


class Texts:
    """One language's sentences."""

    def __init__(self, locale: Locale, catalogue: Mapping[str, Any]) -> None:
        self.locale = locale
        self._catalogue = catalogue

    def say(self, key: str, **values: object) -> str:
        """A sentence with its values filled in."""
        template: str = self._catalogue[key]
        return template.format(**values)

    def reason(self, reason: HandOffReason) -> str:
        """Why a conversation was handed off, for the people who take it."""
        return str(self._catalogue["reasons"][reason])

    def tried(self, what: str, **values: object) -> str:
        """What the assistant tried, for the people who take over."""
        template: str = self._catalogue["tried"][what]
        return template.format(**values)


@cache
def texts(locale: Locale) -> Texts:
    """The catalogue of a language."""
    source = resources.files("hub.responder") / "texts" / f"{locale}.toml"
    return Texts(locale, tomllib.loads(source.read_text("utf-8")))
