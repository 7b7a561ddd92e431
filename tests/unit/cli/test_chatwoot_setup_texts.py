"""What a set-up says: complete in every language; and what it reads of addresses and writes to files."""

from __future__ import annotations

import string
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values

from cli.chatwoot_setup.texts import LOCALES, locale_of
from cli.env_file import write_variables
from cli.public_address import not_public
from common.errors import ConfigurationError


def catalogue(locale: str) -> dict[str, dict[str, str]]:
    source = resources.files("cli.chatwoot_setup") / "texts" / f"{locale}.toml"
    return tomllib.loads(source.read_text("utf-8"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_every_sentence_with_the_same_blanks(locale: str) -> None:
    ours, model = catalogue(locale), catalogue("en")

    assert {section: set(texts) for section, texts in ours.items()} == {
        section: set(texts) for section, texts in model.items()
    }
    for section, texts in model.items():
        for key, text in texts.items():
            assert fields(ours[section][key]) == fields(text), f"{section}.{key}"


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("pt_BR.UTF-8", "pt-BR"),
        ("pt_PT", "pt-BR"),
        ("es_MX.UTF-8", "es"),
        ("en_US", "en"),
        ("C.UTF-8", None),
        ("", None),
    ],
)
def test_a_lang_names_one_of_our_languages_or_none(language: str, locale: str | None) -> None:
    assert locale_of(language) == locale


@pytest.mark.parametrize(
    ("url", "addresses", "reason"),
    [
        ("https://assistant.example.com", [], None),
        ("https://assistant.example.com", ["10.0.0.1"], "private"),
        ("https://assistant.example.com", ["10.0.0.1", "93.184.216.34"], None),
        ("https://93.184.216.34", [], None),
        ("http://192.168.0.10:8000", [], "private"),
        ("http://127.0.0.1:8000", [], "loopback"),
        ("http://[::1]:8000", [], "loopback"),
        ("http://[fd00::1]:8000", [], "private"),
        ("http://169.254.1.1", [], "private"),
        ("http://localhost:8000", [], "loopback"),
        ("http://gateway:8000", [], "single_label"),
        ("http://gateway.:8000", [], "single_label"),
        ("http://shop.local", [], "local_name"),
        ("http://host.docker.internal:8000", [], "local_name"),
    ],
)
def test_an_address_that_is_not_public_is_known_by_its_host(url: str, addresses: list[str], reason: Any) -> None:
    assert not_public(url, addresses) == reason


def test_only_the_lines_of_the_variables_change(tmp_path: Path) -> None:
    file = tmp_path / "deep" / ".env"
    write_variables(file, {"A": "1"})
    file.write_text("# first\nA=1\nexport B=2\n\nC=3 # kept\n")

    changed = write_variables(file, {"A": "1", "B": "new value's", "D": "4"})

    assert changed == ("B", "D")
    assert file.read_text().startswith("# first\nA=1\n\nC=3 # kept\n")
    assert dotenv_values(file) == {"A": "1", "B": "new value's", "C": "3", "D": "4"}
    assert file.stat().st_mode & 0o077 == 0
    assert write_variables(file, {"D": "4"}) == ()
    assert [each.name for each in file.parent.iterdir()] == [".env"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_variables(tmp_path / "file" / "inside", {"A": "1"})
