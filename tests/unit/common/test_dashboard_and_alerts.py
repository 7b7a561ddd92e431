"""Panels and alerts ask for metrics that exist: a typo in a name shows an empty panel and never an error."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase

from common import metrics

OBSERVABILITY = Path(__file__).parents[3] / "deploy" / "observability"
NAME = re.compile(r"\bodoo_ai_[a-z_]+\b")


def known() -> set[str]:
    families: list[Metric] = []
    for each in vars(metrics).values():
        if isinstance(each, MetricWrapperBase):
            families += list(each.collect())
    names: set[str] = set()
    for family in families:
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
        names |= {f"{family.name}{suffix}" for suffix in suffixes}
    return names


def panels() -> list[dict[str, Any]]:
    (file,) = (OBSERVABILITY / "grafana" / "dashboards").glob("*.json")
    found: list[dict[str, Any]] = json.loads(file.read_text())["panels"]
    return found


def expressions() -> list[str]:
    of_panels = [target["expr"] for panel in panels() for target in panel["targets"]]
    groups = yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text())["groups"]
    return of_panels + [rule["expr"] for group in groups for rule in group["rules"]]


@pytest.mark.parametrize("expression", expressions())
def test_what_is_shown_and_alarmed_on_is_measured(expression: str) -> None:
    assert set(NAME.findall(expression)) <= known()


def test_panels_have_ids_and_places_of_their_own() -> None:
    shown = panels()

    assert len({panel["id"] for panel in shown}) == len(shown)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in shown}) == len(shown)
