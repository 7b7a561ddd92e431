"""`.env.example` promises to hold every variable of the system."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.settings import CliSettings
from common.settings import ServiceSettings
from hub.settings import HubSettings
from odoo_api.settings import OdooApiSettings
from simulator.settings import SimulatorSettings
from webhook.settings import WebhookSettings

EXAMPLE = Path(__file__).parents[3] / ".env.example"
SETTINGS = (CliSettings, WebhookSettings, OdooApiSettings, HubSettings, SimulatorSettings)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: each.__name__)
def test_every_variable_stands_in_the_example(settings: type[ServiceSettings]) -> None:
    listed = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(), re.MULTILINE))

    fields = settings.model_fields.items()
    wanted = {str(field.validation_alias or name).upper() for name, field in fields}

    assert sorted(wanted - listed) == []
