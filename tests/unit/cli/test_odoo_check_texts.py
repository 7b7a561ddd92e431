import ast
import tomllib
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

import odoo_api.odoo.examination as examination
from odoo_api.odoo.errors import OdooError

LANGUAGES = ("pt-BR", "en", "es")


def texts(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((files("cli") / "texts" / f"odoo_check.{language}.toml").read_text(encoding="utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_text_in_every_language(language: str) -> None:
    found, english = texts(language), texts("en")

    assert found.keys() == english.keys()
    for code, text in found.items():
        assert placeholders(text["detail"]) <= placeholders(english[code]["detail"]), code
        assert placeholders(text["mend"]) <= placeholders(english[code]["mend"]), code
        assert bool(text["mend"]) == bool(english[code]["mend"]), code


def test_every_code_of_an_examination_has_a_text() -> None:
    tree = ast.parse(Path(examination.__file__).read_text(encoding="utf-8"))
    plain = {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Observation"
        if isinstance(node.args[0], ast.Constant)
    }
    unreachable = {f"unreachable.{each.code}" for each in OdooError.__subclasses__()}
    apps = {f"no_app.{each.app}" for each in examination._NEEDS}
    fields = {f"no_field.{model}.{name}" for model, name, _ in examination._FIELDS}

    assert plain | unreachable | apps | fields | {"version", "old_version", "key_refused"} <= texts("en").keys()
